package io.wavequeue.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds a statement's parameters in the order in which they are called, and reads its rows. */
final class Bind implements AutoCloseable {
    private static final int FETCH = 1_000;

    private final Connection connection;
    private final PreparedStatement statement;
    private int place;

    private Bind(Connection connection, PreparedStatement statement) {
        this.connection = connection;
        this.statement = statement;
    }

    static Bind of(Connection connection, String sql) throws SQLException {
        return new Bind(connection, connection.prepareStatement(sql));
    }

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes one row. */
    @FunctionalInterface
    interface Each {
        void take(ResultSet row) throws SQLException;
    }

    Bind text(@Nullable String value) throws SQLException {
        statement.setString(++place, value);
        return this;
    }

    Bind number(@Nullable Long value) throws SQLException {
        statement.setObject(++place, value, Types.BIGINT);
        return this;
    }

    Bind integer(@Nullable Integer value) throws SQLException {
        statement.setObject(++place, value, Types.INTEGER);
        return this;
    }

    Bind real(double value) throws SQLException {
        statement.setDouble(++place, value);
        return this;
    }

    Bind flag(boolean value) throws SQLException {
        statement.setBoolean(++place, value);
        return this;
    }

    Bind usd(@Nullable BigDecimal value) throws SQLException {
        statement.setBigDecimal(++place, value);
        return this;
    }

    Bind uuid(@Nullable UUID value) throws SQLException {
        statement.setObject(++place, value);
        return this;
    }

    Bind time(@Nullable Instant value) throws SQLException {
        statement.setObject(
                ++place, value == null ? null : value.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
        return this;
    }

    Bind seconds(@Nullable Duration value) throws SQLException {
        statement.setObject(++place, value == null ? null : value.toNanos() / 1e9, Types.DOUBLE);
        return this;
    }

    /** One column of an {@code unnest}. The type is PostgreSQL's name of the element type. */
    <T> Bind array(String type, Collection<T> rows, Function<T, @Nullable Object> column) throws SQLException {
        @Nullable Object[] values = new Object[rows.size()];
        int i = 0;
        for (T row : rows) {
            values[i++] = column.apply(row);
        }
        statement.setArray(++place, connection.createArrayOf(type, values));
        return this;
    }

    /** What is bound is one of many executions; the next one's parameters follow. */
    Bind next() throws SQLException {
        statement.addBatch();
        place = 0;
        return this;
    }

    /** Executes all of them, in one go, and returns how many rows they changed. */
    int updates() throws SQLException {
        return Arrays.stream(statement.executeBatch()).sum();
    }

    int update() throws SQLException {
        return statement.executeUpdate();
    }

    <T> List<T> rows(Row<T> reader) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(reader.read(result));
            }
        }
        return rows;
    }

    /** Gives the rows one by one, so that any number of them costs no memory. Within a transaction. */
    void each(Each reader) throws SQLException {
        statement.setFetchSize(FETCH);
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                reader.take(result);
            }
        }
    }

    /** The only row; {@link SQLException} when there is none. */
    <T> T row(Row<T> reader) throws SQLException {
        List<T> rows = rows(reader);
        if (rows.size() != 1) {
            throw new SQLException("expected one row, found " + rows.size());
        }
        return rows.getFirst();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    /** Of a column that is never null. */
    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
