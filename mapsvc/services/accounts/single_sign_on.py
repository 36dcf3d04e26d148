"""Signing in at the council's identity provider: OpenID Connect, authorization code with PKCE.

The provider says who somebody is and which groups they are in; a table in the settings says which
role that is here. Roles are taken anew at each sign-in.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException, Session

from mapsvc.config import Settings
from mapsvc.errors import SignInRefused
from mapsvc.services.accounts import people
from mapsvc.services.accounts.people import MAY, NewSession
from mapsvc.services.state.council import Council
from mapsvc.store.accounts import Account

SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "PS256", "ES256"]
SECONDS = (5, 10)
"""To connect and to answer."""
LEEWAY_SECONDS = 60
ROLES_BY_RANK = list(MAY)


@dataclass(frozen=True, slots=True)
class Flow:
    """What the browser keeps between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider publishes about itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


def is_configured(settings: Settings) -> bool:
    """Whether the council has a provider."""
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def begin(settings: Settings, back_to: str) -> tuple[str, Flow]:
    """The provider's address to send the browser to, and what to keep until it comes back.

    Raises
    ------
    SignInRefused : when the provider does not answer.
    """
    flow = Flow(*(secrets.token_urlsafe(32) for _ in range(3)))
    with _client(settings, back_to) as client:
        provider = _provider(settings)
        address, _ = client.create_authorization_url(
            provider.authorization_endpoint,
            state=flow.state,
            nonce=flow.nonce,
            code_verifier=flow.verifier,
        )
    return str(address), flow


def finish(
    council: Council, back_to: str, flow: Flow, returned: dict[str, str], now: datetime
) -> NewSession:
    """A session for whom the provider has sent back.

    Parameters
    ----------
    returned : the parameters of the address that the browser came back to

    Raises
    ------
    SignInRefused : when the answer is not one to this flow, or the person has no role here.
    """
    if not secrets.compare_digest(returned.get("state", "").encode(), flow.state.encode()):
        raise SignInRefused("answer_of_other_browser")
    if "code" not in returned:
        raise SignInRefused("provider_refused", reason=returned.get("error", "nothing")[:100])
    claims = _claims(council.settings, back_to, flow, returned["code"], now)
    return people.open_session(council, _account(council, claims, now), now)


def _client(settings: Settings, back_to: str) -> Any:
    client = OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret or None,
        scope=SCOPE,
        redirect_uri=back_to,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if settings.oidc_client_secret else "none",
    )
    client.trust_env = False
    return client


def _provider(settings: Settings) -> Provider:
    found = _fetched(f"{settings.oidc_issuer}/.well-known/openid-configuration")
    names = Provider.__slots__
    if found.get("issuer", "").rstrip("/") != settings.oidc_issuer or any(
        not isinstance(found.get(name), str) for name in names
    ):
        raise SignInRefused("provider_of_other_name", host=settings.oidc_issuer)
    return Provider(**{name: found[name] for name in names})


def _fetched(address: str) -> dict[str, Any]:
    try:
        with Session() as client:
            client.trust_env = False
            response = client.get(address, timeout=SECONDS, allow_redirects=False)
        response.raise_for_status()
        document = response.json()
    except (RequestException, ValueError) as error:
        raise SignInRefused("provider_silent") from error
    return document if isinstance(document, dict) else {}


def _claims(
    settings: Settings, back_to: str, flow: Flow, code: str, now: datetime
) -> dict[str, Any]:
    with _client(settings, back_to) as client:
        provider = _provider(settings)
        try:
            tokens = client.fetch_token(
                provider.token_endpoint, code=code, code_verifier=flow.verifier, timeout=SECONDS
            )
        except (AuthlibBaseError, RequestException, ValueError) as error:
            raise SignInRefused("provider_took_back") from error
    keys = _fetched(provider.jwks_uri)
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": settings.oidc_client_id},
        nonce={"essential": True, "value": flow.nonce},
        sub={"essential": True},
        exp={"essential": True},
    )
    try:
        key_set = KeySet.import_key_set(keys)  # type: ignore[arg-type]
        token = jwt.decode(str(tokens.get("id_token", "")), key_set, algorithms=ALGORITHMS)
        registry.validate(token.claims)
    except (JoseError, ValueError, KeyError) as error:
        raise SignInRefused("answer_not_sealed") from error
    return dict(token.claims)


def _account(council: Council, claims: dict[str, Any], now: datetime) -> Account:
    """The account of a person, made at their first sign-in, with the role that they have now."""
    role = _role(council.settings, claims)
    subject = f"{claims['iss']} {claims['sub']}"
    known = council.store.accounts.of_subject(subject)
    if known is None:
        name = str(claims.get("email") or claims.get("preferred_username") or claims["sub"])
        return people.add_account(
            council, name, role, subject=subject, by="identity provider", now=now
        )
    if known.is_disabled:
        raise SignInRefused("account_disabled")
    if known.role != role:
        council.store.accounts.change(
            known.name,
            action="changed the account",
            detail=role,
            by="identity provider",
            at=now,
            keeps_an_admin=False,  # the provider decides
            role=role,
            rounds=list(known.rounds) if role == "crew" else [],
        )
    return council.store.accounts.get(known.name)


def _role(settings: Settings, claims: dict[str, Any]) -> str:
    """The highest role that the person's groups give."""
    said = claims.get(settings.oidc_claim, [])
    groups = {str(group) for group in (said if isinstance(said, list) else [said])}
    roles = [role for group, role in settings.oidc_roles.items() if group in groups]
    if not roles:
        raise SignInRefused("no_role_for_groups")
    return max(roles, key=ROLES_BY_RANK.index)


def flow_text(flow: Flow) -> str:
    """The flow as a cookie keeps it."""
    return ".".join(asdict(flow).values())


def read_flow(text: str) -> Flow:
    """The flow of a cookie. SignInRefused when there is none, or not a whole one."""
    parts = text.split(".")
    if len(parts) != 3 or not all(parts):
        raise SignInRefused("sign_in_too_slow")
    return Flow(*parts)
