BEGIN TRANSACTION;
CREATE TABLE article (
            id TEXT NOT NULL PRIMARY KEY,
            url TEXT NOT NULL,
            generation TEXT NOT NULL,
            title TEXT NOT NULL,
            published TEXT NOT NULL,
            revision INTEGER NOT NULL,
            change TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            raw_hash TEXT,
            parser TEXT,
            etag TEXT,
            modified TEXT,
            run_id TEXT NOT NULL,
            place BIGINT NOT NULL,
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL,
            checked_at TEXT NOT NULL,
            next_check TEXT NOT NULL,
            missing INTEGER NOT NULL
        , payload TEXT, archived_at TEXT, entry JSON);
INSERT INTO "article" VALUES('8907656','https://www.workercn.cn/c/2026-11-29/8907656.shtml','modern','吉林长春电焊工走上舞台，话剧巡演唱响劳动号子','2026-11-29T05:02:24+08:00',1,'new','sha256:47caa92f0a0182ff24125aa972a5b4caca4d383dd37a4f25e1895ec3d69a14b5','72371fc5eb2ceb7b7366404f6d4222aef8d4e2d0736d8cf5f40ad02566048955','c42cc0863c7e','W/"23aa70fb-8081"','Sat, 28 Nov 2026 21:05:24 GMT','20261129T025250Z-workercn-ef46',0,'2026-11-29T02:52:50Z','2026-11-29T02:52:54Z','2026-11-29T02:52:50Z','2026-11-29T03:51:14Z',0,NULL,NULL,'{"title": "吉林长春电焊工走上舞台，话剧巡演唱响劳动号子", "published": "2026-11-29 05:02:24", "source": "新华网", "label": "滚动", "pdf": null}');
CREATE TABLE claim (
            id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            run_id TEXT NOT NULL,
            claimed_at TEXT NOT NULL,
            published BOOLEAN NOT NULL,
            PRIMARY KEY (id, revision)
        );
CREATE TABLE failure (
            id TEXT NOT NULL PRIMARY KEY,
            url TEXT NOT NULL,
            tries INTEGER NOT NULL,
            reason TEXT NOT NULL,
            error TEXT,
            first_failed TEXT NOT NULL,
            last_failed TEXT NOT NULL,
            next_try TEXT,
            entry JSON NOT NULL
        );
CREATE TABLE mark (
            slug TEXT NOT NULL PRIMARY KEY,
            run_id TEXT NOT NULL,
            down_to TEXT NOT NULL,
            pages INTEGER NOT NULL
        );
INSERT INTO "mark" VALUES('edu','20261129T025253Z-workercn-485b','',2);
CREATE TABLE migration (
	name TEXT NOT NULL, 
	applied_at TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "migration" VALUES('m001_articles','2026-11-29T02:52:50Z');
INSERT INTO "migration" VALUES('m002_failures','2026-11-29T02:52:50Z');
INSERT INTO "migration" VALUES('m003_marks','2026-11-29T02:52:50Z');
INSERT INTO "migration" VALUES('m004_due','2026-11-29T02:52:50Z');
INSERT INTO "migration" VALUES('m005_archived','2026-11-29T02:52:50Z');
INSERT INTO "migration" VALUES('m006_listed','2026-11-29T02:52:50Z');
INSERT INTO "migration" VALUES('m007_rendering','2026-11-29T02:52:50Z');
INSERT INTO "migration" VALUES('m008_claims','2026-11-29T02:52:50Z');
CREATE TABLE rendering (
            slug TEXT NOT NULL,
            kind TEXT NOT NULL,
            needed BOOLEAN NOT NULL,
            tried_at TEXT NOT NULL,
            PRIMARY KEY (slug, kind)
        );
CREATE TABLE run (
            run_id TEXT NOT NULL PRIMARY KEY,
            started_at TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            complete BOOLEAN NOT NULL,
            health TEXT NOT NULL,
            manifest JSON NOT NULL
        );
INSERT INTO "run" VALUES('20261129T025250Z-workercn-ef46','2026-11-29T02:52:50Z','2026-11-29T02:52:50Z',1,'ok','{"schema": "workercn.run/1", "run_id": "20261129T025250Z-workercn-ef46", "spider": "workercn", "group": null, "arguments": {"sections": "edu", "since": "2020-01-01"}, "started_at": "2026-11-29T02:52:50Z", "finished_at": "2026-11-29T02:52:50Z", "finish_reason": "finished", "complete": true, "health": "ok", "exit_code": 0, "salvaged": false, "files": {"articles.jsonl": {"records": 1, "bytes": 8142, "sha256": "d2c6c60136a4675737e5010d3d87bc55156bde50e6eeef3e4ef7bbebff3652db"}, "rejects.jsonl": {"records": 0, "bytes": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, "journal.jsonl": {"records": 3, "bytes": 563, "sha256": "5df69803a0c2c1bd43277669ce19f1f4775fe76276bd37f438f35e5cabfd1c50"}}, "counts": {"listed": 1, "new": 1, "updated": 0, "removed": 0, "unchanged": 0, "missing": 0, "rebased": 0, "rejected": 0, "failed": 0, "rendered": 0, "requests": 4, "not_modified": 0, "bytes": 20823}, "sections": {"edu": {"listed": 1, "pages": 1, "new": 1, "newest_published_at": "2026-11-29T05:02:24+08:00"}}, "fields": {"pretitle": 0.0, "title": 1.0, "subtitle": 0.0, "sections": 1.0, "source": 1.0, "published_at": 1.0, "authors": 1.0, "editors": 0.0, "body": 1.0, "body_html": 1.0, "images": 1.0, "language": 1.0}, "newest_published_at": "2026-11-29T05:02:24+08:00", "checks": [{"name": "archive", "ok": true, "detail": "switched off"}, {"name": "hosts", "ok": true, "detail": "1 of 1 hosts could be used"}, {"name": "listings", "ok": true, "detail": "1 of 1 listing pages could be read"}, {"name": "sections", "ok": true, "detail": "1 of 1 sections listed something"}, {"name": "coverage", "ok": true, "detail": "1 records, judged from 20 on"}, {"name": "failures", "ok": true, "detail": "0 of 1 articles could not be fetched, allowed a share of 0.02 (or 2)"}, {"name": "fallbacks", "ok": true, "detail": "no page of a known template was read"}, {"name": "rejects", "ok": true, "detail": "0 of 1 articles rejected, allowed a share of 0.05 (or 2)"}], "versions": {"crawler": "0.1.0", "scrapy": "2.19.0", "python": "3.11.7"}}');
INSERT INTO "run" VALUES('20261129T025253Z-workercn-485b','2026-11-29T02:52:53Z','2026-11-29T02:52:54Z',1,'ok','{"schema": "workercn.run/1", "run_id": "20261129T025253Z-workercn-485b", "spider": "workercn", "group": null, "arguments": {"sections": "edu", "since": "2020-01-01"}, "started_at": "2026-11-29T02:52:53Z", "finished_at": "2026-11-29T02:52:54Z", "finish_reason": "finished", "complete": true, "health": "ok", "exit_code": 0, "salvaged": false, "files": {"articles.jsonl": {"records": 0, "bytes": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, "rejects.jsonl": {"records": 0, "bytes": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, "journal.jsonl": {"records": 3, "bytes": 239, "sha256": "c1ea2e5ea6b9dfaadc3ff9ddd03b39cadfb15837826c005925e601ee6763b8f0"}}, "counts": {"listed": 1, "new": 0, "updated": 0, "removed": 0, "unchanged": 0, "missing": 0, "rebased": 0, "rejected": 0, "failed": 0, "rendered": 0, "requests": 2, "not_modified": 0, "bytes": 10843}, "sections": {"edu": {"listed": 1, "pages": 1, "new": 0, "newest_published_at": "2026-11-29T05:02:24+08:00"}}, "fields": {}, "newest_published_at": "2026-11-29T05:02:24+08:00", "checks": [{"name": "archive", "ok": true, "detail": "switched off"}, {"name": "hosts", "ok": true, "detail": "1 of 1 hosts could be used"}, {"name": "listings", "ok": true, "detail": "1 of 1 listing pages could be read"}, {"name": "sections", "ok": true, "detail": "1 of 1 sections listed something"}, {"name": "coverage", "ok": true, "detail": "0 records, judged from 20 on"}, {"name": "failures", "ok": true, "detail": "0 of 0 articles could not be fetched, allowed a share of 0.02 (or 2)"}, {"name": "fallbacks", "ok": true, "detail": "no page of a known template was read"}, {"name": "rejects", "ok": true, "detail": "0 of 0 articles rejected, allowed a share of 0.05 (or 2)"}], "versions": {"crawler": "0.1.0", "scrapy": "2.19.0", "python": "3.11.7"}}');
CREATE TABLE seen_in (
            id TEXT NOT NULL,
            slug TEXT NOT NULL,
            name TEXT,
            run_id TEXT NOT NULL,
            PRIMARY KEY (id, slug)
        );
INSERT INTO "seen_in" VALUES('8907656','edu','教育','20261129T025250Z-workercn-ef46');
CREATE INDEX article_published ON article (published, id);
CREATE INDEX article_gone ON article (published, id)
        WHERE missing > 0 AND change != 'removed';
CREATE INDEX claim_run ON claim (run_id);
COMMIT;
