"""What Skylabel runs on: the deployable template and the local stack."""
