"""The invented council of the demonstration: how its land, streets, grass and season are made.

Everything here is invented; nothing here reads a file or knows the service that shows it.
"""
