"""What is said of a file before anything is known of what it holds: kinds, limits, damage."""

from mapsvc.messages.words import Wording

SAVE_AS = "Save the table as CSV or XLSX, or the map layer as GeoPackage, and give that file."

WORDS = {
    "all_rows_outside": Wording(
        "All {rows:row|rows} of {files} lie in the wrong place: the first, at {point}, is "
        "{how_far}.",
        "Check that it is this council's file, and which coordinates it says it uses.",
    ),
    "archive_damaged": Wording(
        "{file} is damaged or incomplete and cannot be unpacked.",
        "Save or export it again and try that file.",
    ),
    "archive_in_archive": Wording("{file} holds a ZIP file within.", "Unpack it and try again."),
    "archive_leads_outside": Wording(
        '{file} holds a file with a path that leads outside it ("{entry}").',
        "Make the ZIP file again from the files alone.",
    ),
    "archive_not_a_table": Wording(
        "{file} is a ZIP archive, not a table.", "Unpack it and give the file inside."
    ),
    "archive_of_many_files": Wording(
        "{file} holds {files:file|files}, and at most {most} are read.",
        "Put only the schedule or layer into it.",
    ),
    "archive_too_large": Wording(
        "{file} is packed so tightly that it would unpack to hundreds of times its size, which no "
        "schedule does, so it was not opened.",
        "Copy the table alone into a new file.",
    ),
    "archive_with_shortcut": Wording(
        '{file} holds a shortcut in place of a file ("{entry}").',
        "Make the ZIP file again from the files themselves.",
    ),
    "archive_without_table": Wording(
        "{file} is a ZIP archive without a table or map layer in it.",
        "Give a zipped shapefile, or unpack it and give the file inside.",
    ),
    "cells_beyond_the_table": Wording(
        "Sheet {sheet} of {file} has something in cell {cell}, and at most {rows:row|rows} and "
        "{columns:column|columns} are read.",
        "Delete everything right of and below the table and save the file again.",
    ),
    "database_not_a_geopackage": Wording(
        "{file} is a database, but not a GeoPackage.", "Export the layer as GeoPackage."
    ),
    "document_not_a_table": Wording(
        "{file} is a document, not a spreadsheet.", "Save the table as CSV."
    ),
    "file_compressed": Wording(
        "{file} is compressed (gzip).", "Unpack it and give the file inside."
    ),
    "file_cut_short": Wording("{file} is cut short: its end is missing.", "Export it again."),
    "file_empty": Wording("{file} is empty.", "Save it again from the program it came from."),
    "file_is_a_folder": Wording("{file} is not a file.", "Give the file itself, not its folder."),
    "file_not_allowed": Wording(
        "{file} cannot be opened.", "Check that you are allowed to read it."
    ),
    "file_not_text": Wording(
        "{file} is not text, so it cannot be read as a table.",
        "Save the table as CSV or XLSX in the program it came from and give that file.",
    ),
    "file_of_foreign_kind": Wording("{file} is {kind}, not a table or a map layer.", SAVE_AS),
    "file_of_much_text": Wording(
        "{file} holds more text than a schedule ever needs, so reading was stopped.",
        "Leave out what is not part of the table and try again.",
    ),
    "file_points_elsewhere": Wording(
        "{file} holds no data: it is a GDAL file that points to data elsewhere.", SAVE_AS
    ),
    "file_protected": Wording(
        "{file} is protected by a password.", "Save it without one and try again."
    ),
    "file_too_large": Wording(
        "{file} is {mb:,.0f} MB, and at most {most:,.0f} MB can be read.",
        "Leave out what is not part of the schedule, or save it as CSV.",
    ),
    "file_too_slow": Wording(
        "{file} could not be read within {seconds:second|seconds}, so reading was stopped.",
        "Copy the table alone into a new file, save it as CSV and try that.",
    ),
    "file_unreadable": Wording(
        "{file} could not be read: it is damaged, or not what it seems to be.",
        "Open it in the program it came from, save it again and try that file.",
    ),
    "file_wants_memory": Wording(
        "{file} asked for more memory than a file of its kind ever needs, so reading was stopped.",
        "Copy the table alone into a new file, save it as CSV and try that.",
    ),
    "file_without_rows": Wording(
        "{file} has no rows.", "Check that you saved the sheet with the table in it."
    ),
    "first_row_unusable": Wording("No row of {files} can be used. The first: {first}"),
    "formula_without_value": Wording(
        "Cell {cell} holds a formula that was never calculated, so it was read as empty.",
        "Open the file in Excel and save it again.",
    ),
    "json_damaged": Wording("{file} is damaged: its JSON cannot be read.", "Export it again."),
    "json_damaged_at": Wording(
        "{file} is damaged in line {line}: its JSON cannot be read.", "Export it again."
    ),
    "json_not_geojson": Wording("{file} is JSON, but not GeoJSON.", SAVE_AS),
    "layer_damaged": Wording(
        "{file} is a damaged map layer and cannot be read ({reason}).",
        "Export it again, best as GeoPackage.",
    ),
    "layer_is_a_view": Wording(
        'The layer "{layer}" of {file} is a stored query (a view), which is not read.',
        "Export it as a layer of its own into a new GeoPackage.",
    ),
    "looks_like_a_schedule": Wording(
        "{file} looks like a schedule: it has the {number:~column|columns} {columns}.",
        page="Send it as a schedule.",
        terminal="Use: mapsvc ingest schedule {file}",
    ),
    "map_server_error": Wording(
        "{file} is a map server's error message.", "Export the layer again."
    ),
    "no_heading_row": Wording(
        "{file} has no heading row.", "Begin with a row of headings such as {examples}."
    ),
    "no_layer": Wording("{file} has no layer with features in it.", "Export the layer again."),
    "no_row_has_a_position": Wording(
        "None of the {rows:row|rows} of {files} has a position.",
        "Give each its easting and northing or its lon and lat, or export the streets from a map "
        "program as GeoPackage.",
    ),
    "no_row_names_one": Wording(
        "{files} has no row that names {noun} ({rows:row|rows} read).",
        "Columns that always work: {examples}.",
    ),
    "no_row_usable": Wording("No row of {files} can be used."),
    "no_such_column": Wording(
        "{file} has no column that names {noun}; its columns are {columns}.",
        "Columns that always work: {examples}.",
    ),
    "no_such_column_but_one_near": Wording(
        "{file} has no column that names {noun}; its columns are {columns}.",
        'Did you mean "{known}" by "{heading}"? Columns that always work: {examples}.',
    ),
    "no_such_heading": Wording(
        'No column of these files is headed "{heading}".',
        "Write the heading as it stands in the file.",
    ),
    "none_of_the_rows_usable": Wording(
        "None of the {rows:row|rows} of {files} can be used. The first: {first}"
    ),
    "not_openstreetmap": Wording(
        "{file} is not an OpenStreetMap file.",
        "Give a .osm.pbf or .osm file as download.geofabrik.de and openstreetmap.org have them.",
    ),
    "open_quotation": Wording(
        '{file}: row {row} opens a quotation mark (") that is never closed, so the file may be cut '
        "off there.",
        "Export it again, or close the quotation mark.",
    ),
    "openstreetmap_for_other": Wording(
        "{file} is an OpenStreetMap file, which holds streets.",
        page="Send it as a gazetteer.",
        terminal="Use it with: mapsvc ingest gazetteer {file}",
    ),
    "osm_cut_short": Wording(
        "{file} cannot be read to its end ({reason}). It may have been cut off:", "fetch it again."
    ),
    "prose_not_a_table": Wording(
        "{file} is plain text without a table, although its name says that it is {claimed}.",
        SAVE_AS,
    ),
    "shapefile_part": Wording(
        "{file} is one part of a shapefile.",
        "Put its .shp, .shx, .dbf and .prj into one ZIP file and give that.",
    ),
    "shapefile_without_dbf": Wording(
        "{part} in {file} has no .dbf part, which holds its names and dates.",
        "Put its .shp, .shx, .dbf and .prj into one ZIP file.",
    ),
    "sheet_too_large": Wording(
        "Sheet {sheet} of {file} reaches to cell {cell}, which is too large for a workbook here.",
        "Save the sheet as CSV and give that file.",
    ),
    "streets_without_headings": Wording(
        "{file} has no heading row.",
        page="Begin with a row of headings such as {examples}. If these are streets with their "
        "rounds, send them as a schedule.",
        terminal="Begin with a row of headings such as {examples}. For streets with their rounds "
        "use: mapsvc ingest schedule {file}",
    ),
    "too_many_cells": Wording(
        "This row has {cells:cell|cells} under {headings:heading|headings}, so it was left out.",
        "Put text that contains the separator into quotation marks.",
    ),
    "too_many_columns": Wording(
        "{file} has {columns:column|columns} in row {row}, and at most {most} are read.",
        "Delete what stands right of the table.",
    ),
    "too_many_columns_in_layer": Wording(
        "Layer {layer} of {file} has {columns:column|columns}, and at most {most} are read.",
        "Export it with the columns of the schedule alone.",
    ),
    "too_many_features": Wording(
        "Layer {layer} of {file} has more than {most:feature|features}.",
        "Split it into smaller files.",
    ),
    "too_many_rows": Wording(
        "{file} has more than {most:row|rows}.", "Split it into smaller files."
    ),
    "web_page": Wording(
        "{file} is a web page, perhaps a log-in or error page that was saved in place of the data.",
        SAVE_AS,
    ),
    "workbook_damaged": Wording(
        "{file} is a damaged workbook.",
        "Open it in the program it came from, save it again and try that file.",
    ),
    "xml_cut_short": Wording(
        "{file} is cut short: it begins like XML and ends.", "Export it again."
    ),
    "xml_cut_short_after": Wording("{file} is cut short after line {line}.", "Export it again."),
    "xml_damaged": Wording(
        "{file} is damaged in line {line}, character {character}.", "Export it again."
    ),
    "xml_of_foreign_kind": Wording(
        "{file} is XML of a kind that is not read here (<{element}>).", SAVE_AS
    ),
    "xml_with_doctype": Wording(
        "{file} defines XML entities (a DOCTYPE), which no export of a schedule or map layer does, "
        "so it was not read.",
        "Export it again.",
    ),
}
