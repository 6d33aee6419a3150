"""Candidates and their tags."""

from hireloom import kit
from hireloom.api.listing import Listing
from hireloom.api.operation import Scope, operation
from hireloom.completion import CANDIDATES
from hireloom.errors import RequestInvalidError
from hireloom.kit import Integration
from hireloom.kit.mapping import unmapped, with_mapped
from hireloom.kit.sections import with_sections
from hireloom.models import (
    Candidate,
    CandidateChanges,
    CandidateDraft,
    CandidateId,
    CandidateQuery,
    CandidateSearch,
    Changed,
    CreatedCandidate,
    TagChange,
)


@operation("ats.candidate.list", scope=Scope.READ, needs=(kit.ListsCandidates,), lists="candidates")
def list_candidates(integration: Integration, query: CandidateQuery) -> Listing[Candidate]:
    """List candidates.

    `models` names the sections wanted; without it come those that cost little at this vendor.
    """

    async def finish(candidates: list[Candidate]) -> list[Candidate]:
        return await with_sections(integration, candidates, query.models)

    pages = integration.must(kit.ListsCandidates).list_candidates(query)
    return Listing(pages, query, CANDIDATES, finish)


@operation(
    "ats.candidate.get",
    scope=Scope.READ,
    needs=(kit.GetsCandidates,),
    gets="candidate",
    instead=("ats.candidate.list",),
    example={"candidateId": "50001"},
)
async def get_candidate(integration: Integration, request: CandidateId) -> Candidate:
    """Get one candidate with all sections."""
    candidate = await integration.must(kit.GetsCandidates).get_candidate(request.candidate_id)
    (whole,) = await with_sections(integration, [candidate], (), all_=True)
    return whole


@operation(
    "ats.candidates.search",
    scope=Scope.READ,
    needs=(kit.SearchesCandidates,),
    lists="candidates",
    instead=("ats.candidate.list",),
    by_post=True,
    example={"emails": ["ines.duarte@example.com"]},
)
def search_candidates(integration: Integration, search: CandidateSearch) -> Listing[Candidate]:
    """Find people by name, e-mail or phone: all of what is given must fit."""
    if search == CandidateSearch():
        raise RequestInvalidError.at("emails", "give a name, an e-mail or a phone number")

    async def finish(candidates: list[Candidate]) -> list[Candidate]:
        return with_mapped(candidates, integration.mapped)

    pages = integration.must(kit.SearchesCandidates).search_candidates(search)
    return Listing(pages, search, finish=finish)


@operation(
    "ats.candidate.create",
    scope=Scope.WRITE,
    needs=(kit.CreatesCandidates,),
    instead=("ats.application.create",),
    example={
        "firstName": "Ines",
        "lastName": "Duarte",
        "emails": [{"type": "PERSONAL", "email": "ines.duarte@example.com"}],
    },
)
async def create_candidate(integration: Integration, draft: CandidateDraft) -> CreatedCandidate:
    """Create a candidate, without an application where the ATS allows that."""
    return await integration.must(kit.CreatesCandidates).create_candidate(
        unmapped(draft, integration.mapped)
    )


@operation(
    "ats.candidate.update",
    scope=Scope.WRITE,
    needs=(kit.UpdatesCandidates,),
    example={"candidateId": "50001", "title": "Staff Engineer"},
)
async def update_candidate(integration: Integration, changes: CandidateChanges) -> Changed:
    """Change a candidate: only what is given; a list replaces the whole list."""
    receipt = await integration.must(kit.UpdatesCandidates).update_candidate(
        unmapped(changes, integration.mapped)
    )
    return Changed(candidate_id=changes.candidate_id, fields_dropped=receipt.fields_dropped)


@operation(
    "ats.candidate.tag.add",
    scope=Scope.WRITE,
    needs=(kit.AddsCandidateTags,),
    example={"candidateId": "50001", "tag": "silver medalist"},
)
async def add_tag(integration: Integration, change: TagChange) -> Changed:
    """Put a tag on a candidate; one that the ATS does not know yet is made."""
    receipt = await integration.must(kit.AddsCandidateTags).add_candidate_tag(change)
    return Changed(candidate_id=change.candidate_id, fields_dropped=receipt.fields_dropped)


@operation(
    "ats.candidate.tag.remove",
    scope=Scope.WRITE,
    needs=(kit.RemovesCandidateTags,),
    example={"candidateId": "50001", "tag": "silver medalist"},
)
async def remove_tag(integration: Integration, change: TagChange) -> Changed:
    """Take a tag off a candidate."""
    receipt = await integration.must(kit.RemovesCandidateTags).remove_candidate_tag(change)
    return Changed(candidate_id=change.candidate_id, fields_dropped=receipt.fields_dropped)
