"""A refusal carries its reason; no words of an exception are read."""

from __future__ import annotations

import pytest
from scrapy.exceptions import IgnoreRequest

from crawler.downloader import failures
from crawler.downloader.compression import refuse_elements
from crawler.downloader.failures import REASONS, Refused, refusing


@pytest.mark.parametrize("reason", REASONS)
def test_a_refusal_is_counted_by_its_reason(reason):
    assert failures.reason(Refused(reason, "whatever it says of robots.txt")) == reason


@pytest.mark.parametrize(
    "words",
    [
        "https://www.workercn.cn/c/robots.txt is gone",
        "max redirections reached",
        "DOWNLOAD_MAXSIZE, MAX_PAGE_ELEMENTS and more",
    ],
)
def test_words_tell_no_reason(words):
    assert failures.reason(IgnoreRequest(words)) == "refused"


def test_what_scrapy_refuses_gets_a_reason_and_ours_keeps_its_own():
    with pytest.raises(Refused) as found, refusing("redirect_loop"):
        raise IgnoreRequest("max redirections reached")
    assert (found.value.reason, str(found.value)) == ("redirect_loop", "max redirections reached")
    with pytest.raises(Refused) as found, refusing("robots"):
        refuse_elements(b"<" * 3, "https://www.workercn.cn/", 2)
    assert found.value.reason == "too_many_elements"
