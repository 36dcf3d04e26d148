"""What is said when the store cannot be read or written, and of backups.

Whoever runs the service reads which file, host or user it is; nobody else does.
"""

from mapsvc.messages.words import Wording

RESIDENT = "We cannot look up your street at the moment. Try again in a few minutes."
TELL = "Tell whoever runs this service."
NO_COPY = f"The copy cannot be made or used. {TELL}"

WORDS = {
    "backup_damaged": Wording(
        "{path} is damaged and cannot be used ({reason}).",
        "Choose an earlier backup.",
        public=NO_COPY,
    ),
    "backup_newer": Wording(
        "{path} was written by a newer version of mapsvc.",
        "Install that version first.",
        public=NO_COPY,
    ),
    "backup_of_other_program": Wording(
        "{path} was made by another program.",
        "Choose a file that `mapsvc backup` wrote.",
        public=NO_COPY,
    ),
    "backup_of_postgis": Wording(
        "{path} is a backup of a PostgreSQL database, and the store here is a file.",
        "Set MAPSVC_DATABASE_URL to put it back there.",
        public=NO_COPY,
    ),
    "backup_there_already": Wording(
        "{path} is there already and stays as it is.",
        "Give the copy another name.",
        public=NO_COPY,
    ),
    "backup_unwritable": Wording(
        "{path} cannot be written ({reason}).",
        "Check who may write in its folder.",
        public=NO_COPY,
    ),
    "desktop_copy_not_a_backup": Wording(
        "{path} is a copy for QGIS and has no accounts in it.",
        "Choose a whole backup.",
        public=NO_COPY,
    ),
    "disk_error": Wording(
        "{store} could not be written.",
        "Check the disk: is it full or failing?",
        public=f"The records could not be written. {TELL}",
        resident=RESIDENT,
    ),
    "disk_full": Wording(
        "The disk of {store} is full.",
        "Free some space and try again.",
        public=f"The disk that holds the records is full. {TELL}",
        resident=RESIDENT,
    ),
    "no_backup_file": Wording(
        "There is no file {path}.", "Check the spelling of its path.", public=NO_COPY
    ),
    "no_copy_of_postgis": Wording(
        "The store is a PostGIS database, which QGIS opens as it is:",
        "add a PostgreSQL connection there, with a user who may only read.",
    ),
    "no_database": Wording(
        "{store} is not there.",
        "Check MAPSVC_DATABASE_URL.",
        public=f"The records are not there. {TELL}",
        resident=RESIDENT,
    ),
    "no_folder": Wording(
        "There is no folder {path}.", "Make it, or check the spelling.", public=NO_COPY
    ),
    "no_postgis": Wording(
        "{store} has no PostGIS.",
        "Install it on the database server.",
        public=f"The records are not set up. {TELL}",
        resident=RESIDENT,
    ),
    "no_store": Wording(
        "There is no store at {path}.",
        "Check MAPSVC_DATA, or publish a gazetteer first.",
        public=f"Nothing is published yet, or the records are elsewhere. {TELL}",
        resident=RESIDENT,
    ),
    "not_a_backup": Wording(
        "{path} was not written by `mapsvc backup`.",
        "Choose a file that was.",
        public=NO_COPY,
    ),
    "not_a_postgis_backup": Wording(
        "{path} is not a backup of a PostgreSQL database, which the store here is.",
        "Choose a file that `mapsvc backup` wrote while MAPSVC_DATABASE_URL was set.",
        public=NO_COPY,
    ),
    "password_refused": Wording(
        "{store} refused the user name or password.",
        "Check MAPSVC_DATABASE_URL.",
        public=f"The records cannot be opened. {TELL}",
        resident=RESIDENT,
    ),
    "permission_denied": Wording(
        "{store} does not let this user do that.",
        "Check the user's rights.",
        public=f"The records cannot be opened or written. {TELL}",
        resident=RESIDENT,
    ),
    "program_missing": Wording(
        "{program} is not installed here.",
        "Install PostgreSQL's programs of the server's version, such as: apt-get install "
        "postgresql-client",
        public=NO_COPY,
    ),
    "program_stopped": Wording("{program} stopped: {reason}", public=NO_COPY),
    "somebody_publishes": Wording(
        "Somebody else is publishing to {store}.",
        "Try again in a minute.",
        public="Somebody else is publishing at this moment. Try again in a minute.",
    ),
    "store_being_put_back": Wording(
        "{store} is being put back from a backup.",
        "Try again in a minute.",
        public="The records are being put back from a backup. Try again in a few minutes.",
        resident=RESIDENT,
    ),
    "store_busy": Wording(
        "{store} is busy: somebody else is writing to it.",
        "Try again in a minute.",
        public="Somebody else is writing at this moment. Nothing was changed. Try again in a "
        "minute.",
        resident="Many people are using this service. Nothing was changed. Try again in a minute.",
    ),
    "store_cannot_be_opened": Wording(
        "{store} cannot be opened.",
        "Check that its folder exists and is writable.",
        public=f"The records cannot be opened. {TELL}",
        resident=RESIDENT,
    ),
    "store_damaged": Wording(
        "{store} is damaged ({reason}), so no backup was written.",
        "Put back the newest backup that you have: mapsvc restore FILE",
        public=f"The records are damaged. {TELL}",
        resident=RESIDENT,
    ),
    "store_in_use": Wording(
        "{store} is in use, so nothing was put back.",
        "Stop the service and every `mapsvc worker` first (such as: systemctl stop mapsvc), then "
        "try again.",
        public=f"The records are in use, so nothing was put back. {TELL}",
    ),
    "store_malformed": Wording(
        "{store} is damaged.",
        "Put back a copy from your backup.",
        public=f"The records are damaged. {TELL}",
        resident=RESIDENT,
    ),
    "store_newer": Wording(
        "{store} was written by a newer version of mapsvc.",
        "Install that version ({reason}).",
        public=f"The records are newer than this service. {TELL}",
        resident=RESIDENT,
    ),
    "store_not_a_geopackage": Wording(
        "{store} cannot be read as a GeoPackage.",
        "Check MAPSVC_DATA.",
        public=f"The records cannot be read. {TELL}",
        resident=RESIDENT,
    ),
    "store_not_writable": Wording(
        "{store} is not writable.",
        "Check the permissions of the file and its folder.",
        public=f"The records cannot be written. {TELL}",
        resident="Nothing can be recorded at the moment. Try again later.",
    ),
    "store_of_other_crs": Wording(
        "{store} holds coordinates in EPSG:{srid}, and MAPSVC_CRS is {crs}.",
        "Set MAPSVC_CRS=EPSG:{srid}, or begin a new store.",
        public=f"The records are in other coordinates than this service is set to. {TELL}",
        resident=RESIDENT,
    ),
    "store_of_other_program": Wording(
        "{store} was made by another program.",
        "Give mapsvc a file of its own: check MAPSVC_DATA.",
        public=f"The records are not ours. {TELL}",
        resident=RESIDENT,
    ),
    "store_read_only": Wording(
        "{store} cannot be written now: the database is read-only.",
        public=f"The records cannot be written now. {TELL}",
        resident="Nothing can be recorded at the moment. Try again later.",
    ),
    "store_silent": Wording(
        "{store} does not answer.",
        "Is it running, and is the address right?",
        public=f"The records cannot be reached. {TELL}",
        resident=RESIDENT,
    ),
}
