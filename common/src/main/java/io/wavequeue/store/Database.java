package io.wavequeue.store;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * Runs a piece of SQL in one transaction.
 *
 * <p>Serialisation failures and deadlocks (40001, 40P01) repeat the whole piece, so it must have no effect outside the
 * database. A lost connection becomes {@link DatabaseAwayException}; when it is lost during the commit, nobody knows
 * whether the commit took place, and the exception says so.
 */
@ApplicationScoped
public class Database {
    private static final int TRIES = 5;
    private static final Set<String> REPEATABLE = Set.of("40001", "40P01");

    private final AgroalDataSource pool;

    Database(AgroalDataSource pool) {
        this.pool = pool;
    }

    /** SQL over one connection. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Runs the work and commits. */
    public <T> T inTransaction(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (SQLException failure) {
                if (attempt == TRIES || !REPEATABLE.contains(state(failure))) {
                    throw translated(failure, false);
                }
            }
        }
    }

    /** Runs the work and takes all of it back, whatever it returned. */
    public <T> T takenBack(Work<T> work) {
        return inTransaction(connection -> {
            T result = work.run(connection);
            connection.rollback();
            return result;
        });
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            T result;
            try {
                result = work.run(connection);
            } catch (SQLException | RuntimeException failure) {
                rollback(connection, failure);
                throw failure;
            }
            commit(connection);
            return result;
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException failure) {
            if (isAway(failure)) {
                throw translated(failure, true);
            }
            throw failure;
        }
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException suppressed) {
            cause.addSuppressed(suppressed);
        }
    }

    private static RuntimeException translated(SQLException failure, boolean commitUnknown) {
        return isAway(failure)
                ? new DatabaseAwayException(failure, commitUnknown)
                : new IllegalStateException("SQL failed: " + failure.getMessage(), failure);
    }

    private static boolean isAway(SQLException failure) {
        return DatabaseAwayException.isMeantBy(failure.getSQLState());
    }

    private static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }
}
