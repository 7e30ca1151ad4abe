"""For all tests."""

import signal

import hypothesis

hypothesis.settings.register_profile("busy machine", deadline=None)  # how long an example takes is no property of it
hypothesis.settings.load_profile("busy machine")

# what a shell starts in the background ignores Ctrl-C, and so do its children; the tests send it
signal.signal(signal.SIGINT, signal.default_int_handler)
