"""What is said about signing in, accounts, roles, passwords and keys."""

from mapsvc.messages.words import Wording

SIGN_IN_FAILED = "Signing in at the council's identity provider did not work. Try again."

WORDS = {
    "account_disabled": Wording("Your account is disabled here.", "Ask your administrator."),
    "account_taken": Wording("There is an account {name} already."),
    "address_not_encrypted": Wording(
        "Staff sign in at an encrypted address alone.",
        "Set MAPSVC_PUBLIC_URL to the https:// address of this service (docs/operating.md), or "
        "sign in on the server itself.",
        public="Staff pages need an encrypted address, one that begins with https. Ask whoever "
        "runs this service for it.",
    ),
    "answer_not_sealed": Wording(f"{SIGN_IN_FAILED} The provider's answer was not sealed right."),
    "answer_of_other_browser": Wording(
        f"{SIGN_IN_FAILED} The answer did not belong to this browser."
    ),
    "bad_account_name": Wording(
        '"{value}" cannot be a name.',
        "Use an e-mail address, or letters, digits, dots and dashes without spaces.",
    ),
    "bad_key_name": Wording(
        '"{value}" cannot name an API key.', "Use letters, digits, dots and dashes."
    ),
    "key_taken": Wording(
        "There is an API key {name} already.", "Choose another name, such as {name}-2."
    ),
    "last_administrator": Wording(
        "{name} is the last administrator.", "Make somebody else one first."
    ),
    "link_used": Wording(
        "What you opened was used already, or is older than 48 hours.",
        "Ask your administrator for a new one.",
        public="This link was used already, or is older than 48 hours. Ask your administrator for "
        "a new one.",
    ),
    "no_account": Wording(
        "There is no account {name}.",
        page="Choose one from the list of accounts.",
        terminal="Write mapsvc user list to see them.",
    ),
    "no_identity_provider": Wording(
        "This service has no identity provider.", "Sign in with name and password."
    ),
    "no_key": Wording(
        "There is no API key {name}.", terminal="Write mapsvc api-key list to see them."
    ),
    "no_role_for_groups": Wording(
        "You are known to the identity provider, but none of your groups has a role here.",
        "Ask your administrator.",
    ),
    "no_working_key": Wording("This needs an api_key that works.", "Ask the council for one."),
    "not_signed_in": Wording(
        "The name or the password is not right, or there were too many tries.",
        "Check both. After {tries:try|tries}, wait {minutes:minute|minutes}.",
    ),
    "own_account": Wording("Nobody changes their own account:", "ask another administrator."),
    "password_easy": Wording(
        "This password is easy to guess.", "Choose one that nobody would try."
    ),
    "password_too_long": Wording(
        "A password can have up to {most:character|characters}.", "Use a shorter one."
    ),
    "password_too_short": Wording(
        "A password needs at least {least:character|characters}.",
        "Three words that have nothing to do with each other make a good one.",
    ),
    "passwords_differ": Wording("The two passwords differ.", "Type the same one twice."),
    "provider_of_other_name": Wording(
        f"{SIGN_IN_FAILED} The provider at {{host}} describes itself in another way than "
        "MAPSVC_OIDC_ISSUER says.",
        public=f"{SIGN_IN_FAILED} The provider describes itself in another way than it is known "
        "here. Tell your administrator.",
    ),
    "provider_refused": Wording(f"{SIGN_IN_FAILED} It said: {{reason}}."),
    "provider_silent": Wording(f"{SIGN_IN_FAILED} The provider does not answer."),
    "provider_took_back": Wording(f"{SIGN_IN_FAILED} The provider did not accept its own answer."),
    "role_may_not": Wording(
        "You are signed in as {name}, and the role {role} may not do this. Nothing was changed.",
        "Ask your administrator for another role.",
    ),
    "rounds_of_no_crew": Wording(
        "Rounds belong to a crew; {name} is to be {role}.", "Leave them out."
    ),
    "sign_in_too_slow": Wording(
        f"{SIGN_IN_FAILED} It took too long, or this browser keeps no cookies."
    ),
    "too_many_wrong_keys": Wording(
        "Too many wrong API keys came from your address.", "Try again in an hour."
    ),
    "unknown_role": Wording('There is no role "{value}".', "Use one of: {roles}."),
}
