"""The workercn crawler: www.workercn.cn, from section listings to a published JSONL feed."""

__version__ = "0.1.0"
