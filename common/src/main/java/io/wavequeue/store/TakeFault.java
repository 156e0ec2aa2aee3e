package io.wavequeue.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A line of a file that clashes with another one. */
public record TakeFault(int item, int line, String field, String message) {
    static TakeFault sameReference(ResultSet row) throws SQLException {
        return new TakeFault(
                row.getInt("item"),
                row.getInt("line"),
                "reference",
                "\"%s\" is the reference of line %,d too; for more renderings of a cue give one line \"takes\""
                        .formatted(row.getString("what"), row.getInt("first_line")));
    }

    static TakeFault sameWork(ResultSet row) throws SQLException {
        return new TakeFault(
                row.getInt("item"),
                row.getInt("line"),
                "",
                "asks for the same work as line %,d (model, input and source clip); raise \"takes\" there, or say \"reuse\": false here"
                        .formatted(row.getInt("first_line")));
    }

    static TakeFault sameName(ResultSet row) throws SQLException {
        String name = row.getString("what");
        String message = row.getBoolean("within")
                ? "gives several takes of the cue the file name \"%s\"; put {take} or {take:02} into it".formatted(name)
                : "gives the file name \"%s\", which line %,d has too (case is not told apart)"
                        .formatted(name, row.getInt("first_line"));
        return new TakeFault(row.getInt("item"), row.getInt("line"), "output", message);
    }
}
