package io.wavequeue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Chooses the jobs of a replay, in the transaction that creates it. May be called again when that is repeated. */
@FunctionalInterface
public interface ReplayChoice {
    /** Adds an item for each job that is meant. */
    void choose(Connection connection, UUID replayId) throws SQLException;
}
