"""Jobs: chunks are claimed once, survive death, and end failed, cancelled or done."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core import jobs
from core.errors import DomainError
from core.jobs import ChunkPlan, JobCancelledError
from core.models import Job, JobChunk
from core.states import ChunkState, JobState

pytestmark = pytest.mark.django_db
Done = list[tuple[int, int]]


def make_job(*places: tuple[int, int]) -> Job:
    chunks = [ChunkPlan(stage=stage, number=number, step="work") for stage, number in places or [(0, 0)]]
    return jobs.job_create(kind="test", task="core.tasks.jobs_wake", by=None, chunks=chunks)


def keep(job: Job) -> None:
    """A cleanup that cleans nothing."""


def run(job: Job, work: Callable[[Job, JobChunk], None], cleanup: Callable[[Job], None] = keep) -> Job:
    while jobs.chunk_run_next(job_id=job.pk, handlers={"work": work}, cleanup=cleanup):
        pass
    job.refresh_from_db()
    return job


def test_chunks_run_stage_by_stage_and_the_job_is_done() -> None:
    done: Done = []
    job = run(make_job((1, 0), (0, 1), (0, 0)), lambda job, chunk: done.append((chunk.stage, chunk.number)))
    assert done == [(0, 0), (0, 1), (1, 0)]
    assert (job.state, job.started_at is not None, job.finished_at is not None) == (JobState.DONE, True, True)


def test_domain_error_fails_the_job_with_its_message_and_cleans_up() -> None:
    cleaned: list[int] = []

    def refuse(job: Job, chunk: JobChunk) -> None:
        raise DomainError("no_rows", "The file has no rows.")

    job = run(make_job(), refuse, lambda job: cleaned.append(job.pk))
    assert (job.state, job.error_code, job.error_message) == (JobState.FAILED, "no_rows", "The file has no rows.")
    assert cleaned == [job.pk]


def test_unexpected_error_is_tried_three_times_then_shown() -> None:
    tries: list[int] = []

    def break_down(job: Job, chunk: JobChunk) -> None:
        tries.append(chunk.attempts)
        raise RuntimeError("disk on fire")

    job = make_job()
    for _attempt in range(3):
        with pytest.raises(RuntimeError):
            run(job, break_down)
    job = run(job, break_down)
    assert (tries, job.state, job.error_code) == ([1, 2, 3], JobState.FAILED, "chunk_failed")
    assert "disk on fire" in job.error_message


def test_work_of_a_failed_attempt_is_rolled_back() -> None:
    def write_and_break(job: Job, chunk: JobChunk) -> None:
        Job.objects.filter(pk=job.pk).update(result={"half": "written"})
        raise RuntimeError

    job = make_job()
    with pytest.raises(RuntimeError):
        run(job, write_and_break)
    job.refresh_from_db()
    assert (job.result, job.state) == ({}, JobState.RUNNING)


def test_chunk_freshly_claimed_by_another_worker_is_left_alone() -> None:
    job = make_job()
    JobChunk.objects.update(claimed_at=timezone.now(), attempts=1)
    assert run(job, lambda job, chunk: None).state == JobState.WAITING


def test_chunk_of_a_dead_worker_is_taken_over() -> None:
    job = make_job()
    JobChunk.objects.update(claimed_at=timezone.now() - timedelta(seconds=10), attempts=1)
    assert run(job, lambda job, chunk: None).state == JobState.DONE


def test_cancel_before_any_chunk_runs_ends_the_job() -> None:
    job, done = make_job(), []
    jobs.job_cancel(job=job, by=None)
    job = run(job, lambda job, chunk: done.append(chunk.pk))
    assert (job.state, done) == (JobState.CANCELLED, [])


def test_running_chunk_notices_the_cancellation() -> None:
    def work(job: Job, chunk: JobChunk) -> None:
        jobs.job_cancel(job=job, by=None)
        jobs.raise_if_cancelled(job=job)

    assert run(make_job(), work).state in {JobState.CANCELLED, JobState.RUNNING}


def test_cancelled_chunk_cancels_the_job() -> None:
    def work(job: Job, chunk: JobChunk) -> None:
        raise JobCancelledError

    assert run(make_job(), work).state == JobState.CANCELLED


def test_cancel_of_an_ended_job_is_refused() -> None:
    job = run(make_job(), lambda job, chunk: None)
    with pytest.raises(DomainError, match="already ended"):
        jobs.job_cancel(job=job, by=None)


def test_ended_job_runs_nothing_more() -> None:
    job = run(make_job(), lambda job, chunk: None)
    assert jobs.chunk_run_next(job_id=job.pk, handlers={}, cleanup=keep) is False


def test_wake_sends_every_open_job_again() -> None:
    run(make_job(), lambda job, chunk: None)
    make_job()
    assert jobs.jobs_wake() == 1


def test_progress_is_visible_while_the_chunk_runs() -> None:
    job = make_job()
    jobs.progress_set(job=job, step="read", done=30, total=120)
    progress = jobs.progress_get(job=job)
    assert (progress.step, progress.percent) == ("read", 25)


def test_handler_may_add_chunks_of_later_stages() -> None:
    done: Done = []

    def work(job: Job, chunk: JobChunk) -> None:
        done.append((chunk.stage, chunk.number))
        if chunk.stage == 0:
            jobs.chunks_add(job=job, chunks=[ChunkPlan(stage=1, step="work")])

    assert run(make_job(), work).state == JobState.DONE
    assert done == [(0, 0), (1, 0)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_one_chunk() -> None:
    job, done, start = make_job(*((0, number) for number in range(6))), [], threading.Barrier(2)

    def worker() -> None:
        start.wait()
        try:
            run_all(job.pk, done)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_all(job.pk, done)
    assert sorted(done) == list(range(6))
    assert set(JobChunk.objects.values_list("state", flat=True)) == {ChunkState.DONE}


def run_all(job_id: int, done: list[Any]) -> None:
    handlers = {"work": lambda job, chunk: done.append(chunk.number)}
    while jobs.chunk_run_next(job_id=job_id, handlers=handlers, cleanup=keep):
        pass
