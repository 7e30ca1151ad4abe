"""nlp.pipe(n_process=2) forks: a net that has run with several threads must run in the child as well."""

import multiprocessing
import subprocess
import sys

import pytest

SCRIPT = """
import multiprocessing, numpy, torch
from spacy_rnn.models.encoders import RNNEncoder
torch.set_num_threads(2)
model = RNNEncoder(width=256)
X = [numpy.ones((2000, 64), dtype="f")]
model.initialize(X=X)
expected = model.predict(X)[0]
with multiprocessing.get_context("fork").Pool(1) as pool:
    assert numpy.allclose(pool.apply(model.predict, (X,))[0], expected, atol=1e-5)
"""


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork on this system")
def test_a_forked_process_does_not_wait_for_its_parents_threads():
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, timeout=300)
