"""Tokens that break pages: markup, code, control characters, marks of direction, sheer length.

Every piece of code among them sets `window.ran`, so a page can be asked whether any of it ran.
"""

RUN = "window.ran=1"

HOSTILE_TOKENS = [
    f"<script>{RUN}</script>",
    "</script>",
    f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f'" onmouseover="{RUN}" x="',
    f"' onfocus='{RUN}' autofocus='",
    f"javascript:{RUN}",
    "<!--",
    "-->",
    "<style>*{display:none}</style>",
    "</style>",
    "</textarea>",
    "</title>",
    "<iframe srcdoc='<b>x</b>'>",
    "&lt;b&gt;&amp;&#x3c;",
    "{{7*7}}${7*7}",
    "`;" + RUN + ";`",
    "\\u003cscript\\u003e",
    "\u202egnihsif\u202c",
    "\u2066\u2069\u200f\u061c",
    "\u200b\u200d\ufeff",
    "\u2028",
    "\u2029",
    "\x00",
    "\x1b[31mred\x07",
    "\n",
    "\t",
    " ",
    "",
    "Z\u0351\u036b\u0343\u036a" * 20,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\ud800",
    "__proto__",
    "constructor",
    "x" * 10_000,
]
