"""What is said about signing in, accounts, roles, passwords and keys."""

from mapsvc.messages.words import Wording

WORDS = {
    "address_not_encrypted": Wording(
        "Staff sign in at an encrypted address alone.",
        "Set MAPSVC_PUBLIC_URL to the https:// address of this service (docs/operating.md), or "
        "sign in on the server itself.",
        public="Staff pages need an encrypted address, one that begins with https. Ask whoever "
        "runs this service for it.",
    ),
    "no_identity_provider": Wording(
        "This service has no identity provider.", "Sign in with name and password."
    ),
    "own_account": Wording("Nobody changes their own account:", "ask another administrator."),
    "passwords_differ": Wording("The two passwords differ.", "Type the same one twice."),
    "role_may_not": Wording(
        "You are signed in as {name}, and the role {role} may not do this. Nothing was changed.",
        "Ask your administrator for another role.",
    ),
}
