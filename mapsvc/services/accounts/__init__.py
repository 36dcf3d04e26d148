"""Who may do what: people, passwords, keys, single sign-on."""
