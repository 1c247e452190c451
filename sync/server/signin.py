"""The built-in issuer's pages and addresses: discovery, the sign-in page, tokens, keys."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from sync.server.body import read_form
from sync.server.issuer import Asked, BuiltInIssuer, is_loopback_redirect

STYLE = """
:root { color-scheme: light dark; }
body { font: 1.1875rem/1.4 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem; }
label { display: block; font-weight: 600; margin-top: 1.25rem; }
input { font: inherit; width: 100%; padding: .5rem; border: 2px solid; box-sizing: border-box; }
button { font: inherit; font-weight: 600; margin-top: 1.75rem; padding: .6rem 1.2rem; border: 0;
  background: #00703c; color: #fff; cursor: pointer; }
:focus-visible { outline: 3px solid #fd0; outline-offset: 0; box-shadow: inset 0 0 0 2px #0b0c0c; }
.trouble { border: 4px solid #d4351c; padding: 0 1rem; }
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "form-action 'self' http://127.0.0.1:* http://[::1]:*; frame-ancestors 'none'; base-uri 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def issuer_routes(issuer: BuiltInIssuer, council_name: str) -> APIRouter:
    """Return the routes of the built-in issuer, to be mounted at the path of its address."""
    routes = APIRouter()

    @routes.get("/.well-known/openid-configuration")
    def configuration() -> dict[str, Any]:
        return discovery(issuer.settings.url)

    @routes.get("/jwks")
    def keys() -> dict[str, Any]:
        return issuer.public_keys()

    @routes.get("/authorize", response_model=None)
    def ask(request: Request) -> Response:
        asked = read_asked(request.query_params)
        return refusal_of(issuer, asked) or sign_in_page(council_name, asked)

    @routes.post("/authorize")
    async def answer(request: Request) -> Response:
        form = await read_form(request)
        asked = read_asked(form)
        refused = refusal_of(issuer, asked)
        place = request.client.host if request.client else ""
        if refused is not None:
            return refused
        return await run_in_threadpool(_signed_in, issuer, council_name, asked, form, place)

    @routes.post("/token")
    async def token(request: Request) -> Response:
        form = await read_form(request)
        return await run_in_threadpool(_token, issuer, form)

    return routes


def discovery(url: str) -> dict[str, Any]:
    """Return the discovery document (OpenID Connect Discovery 1.0 s.3)."""
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}/jwks",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["openid", "offline_access"],
    }


def read_asked(parts: Any) -> Asked:  # noqa: ANN401 (query or form)
    """Return what a program asks of the sign-in page."""
    return Asked(
        client_id=parts.get("client_id", ""),
        redirect_uri=parts.get("redirect_uri", ""),
        response_type=parts.get("response_type", ""),
        challenge=parts.get("code_challenge", ""),
        method=parts.get("code_challenge_method", ""),
        state=parts.get("state", ""),
        nonce=parts.get("nonce", "")[:200],
        scope=parts.get("scope", ""),
    )


def refusal_of(issuer: BuiltInIssuer, asked: Asked) -> Response | None:
    """Return the answer to a request that is not right; a stranger's address is never redirected to."""
    if asked.client_id != issuer.settings.client_id or not is_loopback_redirect(asked.redirect_uri):
        words = "<p>This page was not opened by ASC Desk. Close it, and start again from ASC Desk.</p>"
        return _page("You cannot sign in from here", words, status=400)
    if asked.response_type != "code":
        return _redirect(asked, {"error": "unsupported_response_type"})
    if asked.method != "S256" or not 43 <= len(asked.challenge) <= 128:
        return _redirect(
            asked, {"error": "invalid_request", "error_description": "PKCE with S256 is required"}
        )
    return None


def _signed_in(
    issuer: BuiltInIssuer, council: str, asked: Asked, form: dict[str, str], place: str
) -> Response:
    username, password = form.get("username", "").replace("\0", ""), form.get("password", "")
    result = issuer.sign_in(asked, username, password, place)
    if result.code is not None:
        return _redirect(asked, {"code": result.code, "iss": issuer.settings.url})
    if result.wait_seconds:
        minutes = -(-result.wait_seconds // 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        trouble = f"There were too many tries. Wait {wait}, then try again."
        return sign_in_page(council, asked, username, trouble, status=429)
    trouble = "The user name or the password is not right. Check both, then try again."
    return sign_in_page(council, asked, username, trouble, status=401)


def _redirect(asked: Asked, parts: dict[str, str]) -> Response:
    joiner = "&" if "?" in asked.redirect_uri else "?"
    target = f"{asked.redirect_uri}{joiner}{urlencode(parts | {'state': asked.state})}"
    return RedirectResponse(target, status_code=303, headers=HEADERS)


def _token(issuer: BuiltInIssuer, form: dict[str, str]) -> Response:
    headers = {"Cache-Control": "no-store"}
    kind = form.get("grant_type")
    if form.get("client_id") != issuer.settings.client_id:
        return JSONResponse({"error": "invalid_client"}, status_code=400, headers=headers)
    if kind == "authorization_code":
        code, redirect, verifier = (form.get(name, "") for name in ("code", "redirect_uri", "code_verifier"))
        tokens = issuer.exchange(code, redirect, verifier)
    elif kind == "refresh_token":
        tokens = issuer.refresh(form.get("refresh_token", ""))
    else:
        return JSONResponse({"error": "unsupported_grant_type"}, status_code=400, headers=headers)
    if tokens is None:
        return JSONResponse({"error": "invalid_grant"}, status_code=400, headers=headers)
    return JSONResponse(tokens, headers=headers)


def sign_in_page(
    council: str, asked: Asked, username: str = "", trouble: str = "", *, status: int = 200
) -> HTMLResponse:
    """Return the sign-in page: one form, labelled, that works without scripts."""
    hidden = {
        "client_id": asked.client_id,
        "redirect_uri": asked.redirect_uri,
        "response_type": asked.response_type,
        "code_challenge": asked.challenge,
        "code_challenge_method": asked.method,
        "state": asked.state,
        "nonce": asked.nonce,
        "scope": asked.scope,
    }
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{escape(part)}">' for name, part in hidden.items()
    )
    told = f'<div class="trouble" role="alert"><p>{escape(trouble)}</p></div>' if trouble else ""
    body = f"""{told}<p>Sign in to let this laptop work with {escape(council)}.</p>
<form method="post" action="authorize">{fields}
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false"
 value="{escape(username)}" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button></form>"""
    heading = "Sign in to ASC Desk"
    return _page(heading, body, status=status, title=f"Error: {heading}" if trouble else heading)


def _page(heading: str, body: str, *, status: int, title: str = "") -> HTMLResponse:
    html = (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title or heading)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(heading)}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(html, status_code=status, headers=HEADERS)
