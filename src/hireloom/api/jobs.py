"""Jobs and their stages."""

from hireloom import kit
from hireloom.api.listing import Listing
from hireloom.api.operation import Scope, operation
from hireloom.completion import JOBS, STAGES
from hireloom.kit import Integration
from hireloom.kit.sections import with_sections
from hireloom.models import (
    CreatedJob,
    Job,
    JobDraft,
    JobId,
    JobQuery,
    Stage,
    StageQuery,
)


@operation("ats.job.list", scope=Scope.READ, needs=(kit.ListsJobs,), lists="jobs")
def list_jobs(integration: Integration, query: JobQuery) -> Listing[Job]:
    """List jobs: what the customer advertises and hires for.

    `models` names the sections wanted; without it come those that cost little at this vendor.
    """

    async def finish(jobs: list[Job]) -> list[Job]:
        return await with_sections(integration, jobs, query.models)

    return Listing(integration.must(kit.ListsJobs).list_jobs(query), query, JOBS, finish)


@operation(
    "ats.job.get",
    scope=Scope.READ,
    needs=(kit.GetsJobs,),
    gets="job",
    instead=("ats.job.list",),
    example={"jobId": "4001"},
)
async def get_job(integration: Integration, request: JobId) -> Job:
    """Get one job with all its sections."""
    job = await integration.must(kit.GetsJobs).get_job(request.job_id)
    (whole,) = await with_sections(integration, [job], (), all_=True)
    return whole


@operation(
    "ats.job.create",
    scope=Scope.WRITE,
    needs=(kit.CreatesJobs,),
    example={"title": "Data Engineer", "description": "<p>Builds pipelines.</p>"},
)
async def create_job(integration: Integration, draft: JobDraft) -> CreatedJob:
    """Create a job."""
    return await integration.must(kit.CreatesJobs).create_job(draft)


@operation("ats.stage.list", scope=Scope.READ, needs=(kit.ListsStages,), lists="stages")
def list_stages(integration: Integration, query: StageQuery) -> Listing[Stage]:
    """List the stages of pipelines, of one job or of all. A stage without a job is every job's."""
    return Listing(integration.must(kit.ListsStages).list_stages(query), query, STAGES)
