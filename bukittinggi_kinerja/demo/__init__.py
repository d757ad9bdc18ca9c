"""The demo city: Bukittinggi's offices with made-up people and their months, the same from the same four parameters.

    agencies, jobs, texts, phrases   what the city is made of, written by hand
    tree, people, goals              who sits where and what each promised
    months, permits                  what then happened
    writing, loading, digest         into the database, in one transaction, and its fingerprint

Nothing here reads the clock: "today" is a parameter.
"""
