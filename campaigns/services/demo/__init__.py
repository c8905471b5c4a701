"""The demo's campaigns: plans, collaborations and money of the last hundred days, through the services."""

from campaigns.services.demo.loading import campaigns_demo_load

__all__ = ["campaigns_demo_load"]
