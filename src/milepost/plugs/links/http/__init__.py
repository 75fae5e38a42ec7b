"""Looks at carriers' tracking pages over HTTP."""

from milepost.plugs.links.http.checker import HttpLinks

__all__ = ["HttpLinks"]
