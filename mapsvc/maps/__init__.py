"""The map: what is drawn and in which colours. Knows geometry and statuses, no Flask and no SQL."""
