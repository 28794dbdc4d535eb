"""Names, tables and refusals: the vocabulary of the product. No input, no output, no framework.

Others use: access, addresses, backoff, codes.lookup, codes.tables, countries, durability, export_columns,
flaws, lifecycle, marketing_reach, message_flaws, names, outcome, phone_numbers, placeholders, reasons,
refusals.configuration, refusals.media, refusals.request, refusals.state, reply_outages, row_refusals,
spelling, stall_causes, template, time_zones, times.
"""
