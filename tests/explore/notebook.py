"""A marimo notebook with an explorer, for a test to open: two cells, one of which says what the other shows."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    import convanim

    explorer = convanim.Explorer(convanim.Scene(input=4, kernel=3, padding=1, view={"kind": "numeric"}))
    widget = mo.ui.anywidget(explorer)
    widget
    return explorer, mo, widget


@app.cell
def _(mo, explorer, widget):
    widget.value
    mo.md(f"the output is {explorer.scene.output}")


@app.cell
def _(mo):
    button = mo.ui.run_button(label="another")
    button
    return (button,)


@app.cell
def _(button, explorer):
    import convanim as package

    if button.value:
        explorer.scene = package.Scene(input=6, kernel=2, stride=2)


if __name__ == "__main__":
    app.run()
