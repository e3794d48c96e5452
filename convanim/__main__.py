"""`python -m convanim` is the command `convanim`."""

from convanim.cli import main

if __name__ == "__main__":
    main()
