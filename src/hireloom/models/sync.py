"""The words of syncs and events: what is synced, what a vendor's webhook can mean."""

from hireloom.models.base import Word


class DataType(Word):
    """What a sync reads."""

    APPLICATIONS = "ats_applications"
    CANDIDATES = "ats_candidates"
    JOBS = "ats_jobs"


class Happening(Word):
    """What a vendor's webhook can tell of a record."""

    APPLICATIONS_NEW = "ats_applications_new"
    APPLICATIONS_MODIFIED = "ats_applications_modified"
    APPLICATIONS_DELETED = "ats_applications_deleted"
    CANDIDATES_NEW = "ats_candidates_new"
    CANDIDATES_MODIFIED = "ats_candidates_modified"
    CANDIDATES_DELETED = "ats_candidates_deleted"
    JOBS_NEW = "ats_jobs_new"
    JOBS_MODIFIED = "ats_jobs_modified"
    JOBS_DELETED = "ats_jobs_deleted"

    @property
    def data_type(self) -> DataType:
        return DataType(self.rpartition("_")[0])

    @property
    def is_deletion(self) -> bool:
        return self.endswith("_deleted")
