"""The HTTP doors: who may enter, the API, webhooks, health, the panel's files. wsgi.py serves `app`.

Others use: demo_site.
"""
