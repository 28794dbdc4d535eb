"""`python -m outbound_campaigns.engine`: the engine as a process of its own."""

import asyncio
import gc
import os

from outbound_campaigns.engine.assembly import end_process, run_engine
from outbound_campaigns.logs import log_to_stderr
from outbound_campaigns.parent import end_with_parent
from outbound_campaigns.settings import Settings

if __name__ == "__main__":
    end_with_parent()
    settings = Settings.from_environ(os.environ)
    log_to_stderr(settings.log_form)
    # What was loaded stays: looking through it again and again would take a tenth of the sending.
    gc.collect()
    gc.freeze()
    asyncio.run(run_engine(settings, os.environ))
    end_process()
