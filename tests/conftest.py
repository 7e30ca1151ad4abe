"""For all tests."""

import hypothesis

hypothesis.settings.register_profile("busy machine", deadline=None)  # how long an example takes is no property of it
hypothesis.settings.load_profile("busy machine")
