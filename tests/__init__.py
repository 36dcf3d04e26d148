"""Tests by the folders of `mapsvc`, and `support`: what several of them share."""
