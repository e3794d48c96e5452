"""How a video on a slide plays: by itself when the slide comes, as often as its figure does.

What python-pptx writes makes it wait for a click. This is what PowerPoint writes for "start automatically".
"""

from __future__ import annotations

from typing import Any

from pptx.oxml import parse_xml

from convanim.draw.storyboard import Storyboard
from convanim.formats.pptx_markup import NAMESPACES

_PLAY = (
    '<p:par><p:cTn id="5" presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold" nodeType="afterEffect">'
    '<p:stCondLst><p:cond delay="0"/></p:stCondLst><p:childTnLst><p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr>'
    '<p:cTn id="6" dur="{duration}" fill="hold"/><p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>'
    "</p:cBhvr></p:cmd></p:childTnLst></p:cTn></p:par>"
)
_BEGIN = (  # as the slide comes, without a click
    '<p:par><p:cTn id="3" fill="hold"><p:stCondLst><p:cond delay="indefinite"/>'
    '<p:cond evt="onBegin" delay="0"><p:tn val="2"/></p:cond></p:stCondLst><p:childTnLst>'
    '<p:par><p:cTn id="4" fill="hold"><p:stCondLst><p:cond delay="0"/></p:stCondLst>'
    f"<p:childTnLst>{_PLAY}</p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:par>"
)
_SEQUENCE = (
    '<p:seq concurrent="1" nextAc="seek"><p:cTn id="2" dur="indefinite" nodeType="mainSeq">'
    f"<p:childTnLst>{_BEGIN}</p:childTnLst></p:cTn>"
    '<p:prevCondLst><p:cond evt="onPrev" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst>'
    '<p:nextCondLst><p:cond evt="onNext" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst></p:seq>'
)
_VIDEO = (
    '<p:video><p:cMediaNode vol="80000"><p:cTn id="7" repeatCount="{times}" fill="hold" display="0">'
    '<p:stCondLst><p:cond delay="indefinite"/></p:stCondLst></p:cTn>'
    '<p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl></p:cMediaNode></p:video>'
)
_TIMING = (
    f"<p:timing {NAMESPACES}><p:tnLst><p:par>"
    '<p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot">'
    f"<p:childTnLst>{_SEQUENCE}{_VIDEO}</p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>"
)
_ONCE = 1000  # what PowerPoint writes for one time


def play_by_itself(slide: Any, shape: int, board: Storyboard) -> None:
    """Make the slide's video, the shape of that number, start when the slide comes and play as often as the board says."""
    times = str(board.plays * _ONCE) if board.plays else "indefinite"
    timing = parse_xml(_TIMING.format(duration=board.duration, shape=shape, times=times))
    (old,) = slide.element.iterfind("{*}timing")
    slide.element.replace(old, timing)
