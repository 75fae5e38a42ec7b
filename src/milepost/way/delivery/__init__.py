"""Delivery: who took a parcel, where and when: the proof. Runs, stops and drivers come with their own issue."""
