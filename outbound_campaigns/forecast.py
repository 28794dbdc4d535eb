def finish(campaign, per_second, now):
    return None
