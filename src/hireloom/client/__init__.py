"""The typed Python client: `from hireloom.client import Hireloom, AsyncHireloom`."""

from hireloom.client.answers import DryRun, Filters, LastCall, Meta, SetAside
from hireloom.client.clients import AsyncHireloom, Hireloom
from hireloom.client.downloads import AsyncDownload, AsyncFile, Download, File
from hireloom.client.errors import (
    AnswerUnreadableError,
    ClientError,
    HireloomApiError,
    ServerUnreachableError,
)
from hireloom.client.pages import AsyncRecords, Page, Records
from hireloom.client.webhooks import WebhookInvalidError, verify_batch, verify_webhook

__all__ = [
    "AnswerUnreadableError",
    "AsyncDownload",
    "AsyncFile",
    "AsyncHireloom",
    "AsyncRecords",
    "ClientError",
    "Download",
    "DryRun",
    "File",
    "Filters",
    "Hireloom",
    "HireloomApiError",
    "LastCall",
    "Meta",
    "Page",
    "Records",
    "ServerUnreachableError",
    "SetAside",
    "WebhookInvalidError",
    "verify_batch",
    "verify_webhook",
]
