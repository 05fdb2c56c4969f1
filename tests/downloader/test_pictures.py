"""IMAGES_STORE: the pictures of articles, from a real server."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import time
from io import BytesIO

import pytest

from crawler import clock
from crawler.commands import values
from crawler.samplesite import Site
from crawler.samplesite import serve as serve_site
from tests.support.harness import UNHURRIED, Run, command, crawl, start
from tests.support.harness import run as execute
from tests.support.hostile import NOT_FOUND, page, redirect, serve

Pillow = pytest.importorskip("PIL.Image", reason="pip install pillow")

HOST = "https://www.workercn.cn"
SENTENCE = "记者从会议上了解到，今年以来各级工会组织开展了多种形式的活动，取得了良好的成效。"


def article(*pictures, title="一篇文章的标题"):
    shown = "".join(f'<p><img src="{picture}"></p><p>{SENTENCE}</p>' for picture in pictures)
    return page(
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}-中工网</title></head><body>"
        f"<h1>{title}</h1><p>来源：工人日报 2026-10-02 15:41</p><div><p>{SENTENCE * 3}</p>{shown}"
        f"<p>{SENTENCE * 3}</p></div><p>责任编辑：张三</p></body></html>"
    )


def drawn(size=(32, 24), form="JPEG", colour=(200, 30, 30), mode="RGB"):
    file = BytesIO()
    Pillow.new(mode, size, colour).save(file, form)
    return file.getvalue()


def picture(data, kind=b"image/jpeg"):
    return page(data, kind=kind)


def hangs():
    time.sleep(600)
    yield b""


def settings_of(folder, **settings):
    quiet = {"MAX_REJECT_SHARE": 1, "MAX_FAILED_SHARE": 1, "RETRY_TIMES": 0}
    return {"IMAGES_STORE": folder / "pictures", **quiet, **settings}


def crawled(folder, server, *words, **settings):
    """A crawl of what the server has below /c/."""
    paths = [path for path in server.answers if path.startswith("/c/")]
    (folder / "urls.txt").write_text("\n".join(HOST + path for path in paths))
    urls = f"urls={folder / 'urls.txt'}"
    return crawl(folder / "out", server.url, urls, *words, **settings_of(folder, **settings))


def asked(server, path):
    return [one for one in server.asked if one[1] == path]


JPEG = drawn()


def test_the_file_is_there_with_its_hash(tmp_path):
    answers = {"/c/2026-10-02/1000001.shtml": article("/a.jpg", "/b.png")}
    answers |= {"/a.jpg": picture(JPEG), "/b.png": picture(drawn(form="PNG"), b"image/png")}
    with serve(answers) as server:
        run = crawled(tmp_path, server)
    assert run.code == 0, run.last_line
    (record,) = run.records
    first, second = record["images"]
    store = tmp_path / "pictures"
    assert (store / first["path"]).read_bytes() == JPEG
    for image in (first, second):
        data = (store / image["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == image["sha256"]
        assert Pillow.open(BytesIO(data)).format == "JPEG"
    assert record["warnings"] == []
    assert len(list(store.rglob("*.*"))) == 2
    (check,) = [check for check in run.manifest["checks"] if check["name"] == "pictures"]
    assert check["data"] == check["data"] | {"good": 2, "total": 2, "failed": {}, "hosts": []}
    assert b"/a.jpg" not in b"".join(path.read_bytes() for path in tmp_path.glob("*.warc.gz"))


def test_without_the_setting_nothing_is_fetched_and_the_keys_are_absent(tmp_path):
    with serve(
        {"/c/2026-10-02/1000001.shtml": article("/a.jpg"), "/a.jpg": picture(JPEG)}
    ) as server:
        run = crawled(tmp_path, server, IMAGES_STORE="")
        assert not asked(server, "/a.jpg")
    assert [list(image) for image in run.records[0]["images"]] == [["url", "caption"]]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (NOT_FOUND, "http_404"),
        (page("<html>no picture</html>"), "no_picture"),
        (picture(b"x"), "no_picture"),
        (picture(JPEG[:200]), "no_picture"),
        (picture(JPEG + b"\0" * 300_000), "too_large"),
        (picture(drawn((9000, 7000), "PNG", 0, "1"), b"image/png"), "too_large"),
        (redirect("http://10.0.0.1/secret.jpg"), "refused_address"),
        (redirect("http://www.example.com/a.jpg"), "refused_address"),
        (redirect("file:///etc/passwd"), "refused_address"),
        (redirect("/a.jpg"), "redirect_loop"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_that_fails_is_a_warning(tmp_path, answer, why):
    answers = {"/c/2026-10-02/1000001.shtml": article("/a.jpg", "/b.jpg")}
    answers |= {"/a.jpg": answer, "/b.jpg": picture(JPEG)}
    with serve(answers) as server:
        run = crawled(tmp_path, server, DOWNLOAD_MAXSIZE=250_000)
        assert {host for host, _ in server.asked} == {"www.workercn.cn"}
    assert run.code == 0, run.last_line
    (record,) = run.records
    bad, good = record["images"]
    assert "path" not in bad
    assert "sha256" not in bad
    assert good["path"]
    (warning,) = record["warnings"]
    assert warning.startswith(f"images: {HOST}/a.jpg was not kept: {why}")
    assert "Traceback" not in run.stderr
    assert len(list((tmp_path / "pictures").rglob("*.*"))) == 1


def test_pictures_of_other_sites_and_of_private_addresses_are_not_asked_for(tmp_path):
    with serve({}) as other:
        foreign = [f"{other.url}/a.jpg", "http://169.254.169.254/a.jpg", "http://example.com/b.jpg"]
        with serve({"/c/2026-10-02/1000001.shtml": article(*foreign)}) as server:
            run = crawled(tmp_path, server)
        assert other.asked == []
    assert run.code == 0, run.last_line
    assert [w.rpartition(": ")[2] for w in run.records[0]["warnings"]] == ["refused_address"] * 3


def test_robots_are_obeyed(tmp_path):
    rules = page("User-agent: *\nDisallow: /private/", kind=b"text/plain")
    answers = {"/c/2026-10-02/1000001.shtml": article("/private/a.jpg"), "/robots.txt": rules}
    answers["/private/a.jpg"] = picture(JPEG)
    with serve(answers) as server:
        run = crawled(tmp_path, server)
        assert not asked(server, "/private/a.jpg")
    assert run.records[0]["warnings"][0].endswith("was not kept: robots")


def test_one_picture_of_two_articles_is_fetched_once(tmp_path):
    answers = {
        "/c/2026-10-02/1000001.shtml": article("/a.jpg", "/gone.jpg"),
        "/c/2026-10-02/1000002.shtml": article("/a.jpg", "/gone.jpg", title="另一篇"),
        "/a.jpg": picture(JPEG),
    }
    with serve(answers) as server:
        run = crawled(tmp_path, server)
        assert len(asked(server, "/a.jpg")) == 1
        assert len(asked(server, "/gone.jpg")) == 1
    one, two = (record["images"][0] for record in run.records)
    assert one == two
    assert one["path"]
    assert all(record["warnings"] for record in run.records)


def test_a_changed_article_keeps_its_files_and_fetches_what_is_new(tmp_path):
    answers = {
        "/c/2026-10-02/1000001.shtml": article("/a.jpg"),
        "/a.jpg": picture(JPEG),
        "/b.jpg": picture(JPEG),
    }
    with serve(answers) as server:
        first = crawled(tmp_path, server).records[0]
        again = crawled(tmp_path, server, "full=1")
        assert (again.records, again.manifest["counts"]["unchanged"]) == ([], 1)
        server.answers["/c/2026-10-02/1000001.shtml"] = article("/a.jpg", title="改过的标题")
        titled = crawled(tmp_path, server, "full=1").records[0]
        assert "images" not in titled["changed_fields"]
        assert titled["images"][0]["path"] == first["images"][0]["path"]
        server.answers["/c/2026-10-02/1000001.shtml"] = article(
            "/a.jpg", "/b.jpg", title="改过的标题"
        )
        more = crawled(tmp_path, server, "full=1").records[0]
        assert "images" in more["changed_fields"]
        assert more["images"][0]["path"] == first["images"][0]["path"]
        assert more["images"][1]["path"]
        assert len(asked(server, "/a.jpg")) == 1
        assert len(asked(server, "/b.jpg")) == 1
        # Without the setting nothing is fetched, and what is kept is not forgotten.
        server.answers["/c/2026-10-02/1000001.shtml"] = article("/a.jpg", title="又改了标题")
        last = crawled(tmp_path, server, "full=1", IMAGES_STORE="").records[0]
        assert last["images"][0]["path"] == first["images"][0]["path"]
        assert last["images"][0]["sha256"] == first["images"][0]["sha256"]


def test_a_host_that_hangs_is_named_and_costs_no_article(tmp_path):
    pictures = [f"http://pic.workercn.cn/{n}.jpg" for n in range(9)]
    answers = {
        f"/c/2026-10-02/100000{n}.shtml": article(
            *pictures[n * 3 : n * 3 + 3], "/a.jpg", title=f"第{n}篇"
        )
        for n in range(3)
    }
    answers |= {"/a.jpg": picture(JPEG)} | {f"/{n}.jpg": hangs for n in range(9)}
    with serve(answers) as server:
        run = crawled(tmp_path, server, DOWNLOAD_TIMEOUT=0.5)
        hung = [path for host, path in server.asked if host == "pic.workercn.cn"]
    assert len(run.records) == 3
    assert all(record["images"][3]["path"] for record in run.records)
    why = [warning.rpartition(": ")[2] for record in run.records for warning in record["warnings"]]
    assert sorted(why) == ["host_down"] * 6 + ["timeout"] * 3
    assert len(set(hung) - {"/robots.txt"}) == 3
    assert run.code == 3
    assert "pictures (" in run.last_line
    (check,) = [check for check in run.manifest["checks"] if check["name"] == "pictures"]
    assert (check["code"], check["data"]["hosts"]) == ("host_down", ["pic.workercn.cn"])


def test_a_crawl_that_is_stopped_waits_for_no_more_pictures(tmp_path):
    pictures = [f"/{n}.jpg" for n in range(40)]
    answers = {"/c/2026-10-02/1000001.shtml": article(*pictures)} | {
        p: picture(JPEG) for p in pictures
    }
    (tmp_path / "urls.txt").write_text(f"{HOST}/c/2026-10-02/1000001.shtml")
    with serve(answers) as server:
        settings = settings_of(tmp_path, OUTPUT_DIR=tmp_path / "out", MIRROR_URL=server.url)
        slow = {**UNHURRIED, **settings, "DOWNLOAD_DELAY": 0.5}
        line = command("crawl", "workercn", **slow)
        line += ["-a", f"urls={tmp_path / 'urls.txt'}"]
        with start(line, stderr=subprocess.PIPE, text=True) as process:
            while process.poll() is None and not asked(server, "/1.jpg"):
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            _, stderr = process.communicate()
        run = Run(process.returncode, stderr, "", tmp_path / "out")
        assert run.code == 7, run.last_line
        assert len({path for _, path in server.asked if path.endswith(".jpg")}) < 10
    (record,) = run.records
    kept = [image for image in record["images"] if "path" in image]
    assert 1 <= len(kept) < 10
    assert "stopped" in record["warnings"][-1]


def test_what_cannot_be_written_is_a_failed_check(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures/full").write_text("in the way")
    with serve(
        {"/c/2026-10-02/1000001.shtml": article("/a.jpg"), "/a.jpg": picture(JPEG)}
    ) as server:
        run = crawled(tmp_path, server)
    assert run.code == 3, run.last_line
    (check,) = [check for check in run.manifest["checks"] if check["name"] == "pictures"]
    assert (check["ok"], check["code"]) == (False, "unwritable")
    assert "unwritable" in run.records[0]["warnings"][0]
    assert "Traceback" not in run.stderr


def test_a_night_of_the_embedded_site(tmp_path):
    with serve_site(Site(seed=3, articles=40, now=clock.now())) as server:
        run = crawl(tmp_path / "out", server.url, "sections=edu", **settings_of(tmp_path))
        assert run.code == 0, run.last_line
        images = [image for record in run.records for image in record["images"]]
        kept = {image["path"] for image in images if "path" in image}
        assert kept
        assert {f"full/{path.name}" for path in (tmp_path / "pictures/full").iterdir()} == kept
        line = command("feed", "merge", "-o", tmp_path / "x.parquet", OUTPUT_DIR=tmp_path / "out")
    assert execute(line).returncode == 0
    parquet = pytest.importorskip("pyarrow.parquet", reason="pip install pyarrow")
    rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert {image["path"] for row in rows for image in row["images"]} - {None} == kept


@pytest.mark.parametrize("store", ["s3://bucket/x", "/proc/pictures", "{}/file/x"])
def test_wrong_folders(tmp_path, store):
    (tmp_path / "file").write_text("in the way")
    run = crawl(tmp_path / "out", "http://127.0.0.1:9", IMAGES_STORE=store.format(tmp_path))
    assert (run.code, run.stderr.count("\n")) == (2, 1), run.stderr
    assert "setting IMAGES_STORE=" in run.stderr
    assert "a folder of this machine" in run.stderr
    assert not (tmp_path / "out").exists()


def test_without_pillow_one_line_says_so(tmp_path, monkeypatch):
    from scrapy.utils.project import get_project_settings

    monkeypatch.setattr(values, "find_spec", lambda name: None)
    settings = get_project_settings()
    settings.set("IMAGES_STORE", str(tmp_path), priority="cmdline")
    with pytest.raises(values.SettingError, match="pip install pillow"):
        values.check(settings)
