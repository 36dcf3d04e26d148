"""What is said of messages that did not get to a back office or a mailbox."""

from mapsvc.messages.words import Wording

WORDS = {
    "lease_lost": Wording("Another worker has it now, so this one stops."),
    "mail_address_refused": Wording("The mail server refused the address: {status} {reason}."),
    "mail_not_set": Wording(
        "MAPSVC_SMTP_URL and MAPSVC_MAIL_FROM are not both set.",
        public="No mail server is set up. Tell whoever runs this service.",
    ),
    "mail_server_said": Wording("The mail server said {status} {reason}."),
    "mail_server_silent": Wording(
        "The mail server did not answer: {reason}.", public="The mail server did not answer."
    ),
    "mail_unwritable": Wording("The mail cannot be written: {reason}."),
    "no_recipient": Wording(
        'There is no back office or mailbox "{recipient}" in the lists.',
        "Choose one from the list.",
    ),
    "office_answer_cut_short": Wording("{office} answered only a part."),
    "office_answer_too_long": Wording("{office} answered more than 1 MB, which was not read."),
    "office_answer_unreadable": Wording(
        "{office} answered in XML that cannot be read: {reason}",
        public="{office} answered in XML that cannot be read.",
    ),
    "office_failed": Wording("{office} answered with {status}: {reason}"),
    "office_gave_no_number": Wording("{office} took it and gave no number."),
    "office_host_unknown": Wording(
        "{office}: the host {host} is not known: {reason}.",
        public="{office} cannot be found on the network. Tell whoever runs this service.",
    ),
    "office_is_private": Wording(
        "{office}: {host} lies in a private network.",
        "Write yes under private in MAPSVC_BACK_OFFICES if that is right.",
        public="{office} lies in a private network, which was not allowed. Tell whoever runs this "
        "service.",
    ),
    "office_not_trusted": Wording(
        "{office} did not answer: {reason}.",
        public="{office} did not answer: its certificate cannot be trusted (certificate verify "
        "failed). Tell whoever runs this service.",
    ),
    "office_refused": Wording("{office} refused it with {status}: {reason}"),
    "office_silent": Wording(
        "{office} did not answer: {reason}.", public="{office} did not answer."
    ),
    "office_too_slow": Wording("{office} answered too slowly."),
    "recipient_gone": Wording("There is no back office {recipient} in the list now."),
}
