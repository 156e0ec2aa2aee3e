package io.wavequeue.e2e;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a stack's database as a person with psql does. */
record Rows(String url) {
    List<Map<String, Object>> of(String sql, Object... parameters) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<Map<String, Object>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The only column of the only row. */
    Object one(String sql, Object... parameters) {
        return of(sql, parameters).getFirst().values().iterator().next();
    }

    long number(String sql, Object... parameters) {
        return ((Number) one(sql, parameters)).longValue();
    }

    BigDecimal usd(String sql, Object... parameters) {
        return (BigDecimal) one(sql, parameters);
    }
}
