package io.wavequeue.store;

import io.wavequeue.job.JobError;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Ends a job that was never submitted and never can be. */
@ApplicationScoped
public class SettleStore {
    private static final String FAIL_QUEUED =
            """
            update job
            set status = 'failed', dispatch_at = null, sends = 0, settled_at = now(), version = version + 1,
                updated_at = now(), error_class = ?, error_message = ?, error_retryable = ?
            where id = ?
              and status = 'queued'
              and dispatch_no = ?
            """;

    private final Database database;

    SettleStore(Database database) {
        this.database = database;
    }

    /** False when the job has moved on since that dispatch. */
    public boolean failQueued(UUID jobId, int dispatchNo, JobError error) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FAIL_QUEUED)) {
                return bind.text(error.errorClass().code())
                                .text(error.message())
                                .flag(error.retryable())
                                .uuid(jobId)
                                .integer(dispatchNo)
                                .update()
                        == 1;
            }
        });
    }
}
