package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.screen.NearestWord;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a word on the command line means: a batch by its id, or a library by its name. */
final class Targets {

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** Jobs of every batch are counted when they are listed: what is older than so many is not looked through. */
    private static final int MOST_BATCHES = 100;

    private final LibraryApi api;

    Targets(LibraryApi api) {
        this.api = api;
    }

    static boolean isId(String word) {
        return ID.matcher(word).matches();
    }

    /** Refuses a name that no library has. */
    String library(String name) {
        List<String> names = new ArrayList<>();
        for (JsonNode library : api.libraries()) {
            String known = String.valueOf(Json.text(library, "name"));
            if (known.equals(name)) {
                return name;
            }
            names.add(known);
        }
        throw new IllegalArgumentException("there is no library '" + name + "'"
                + NearestWord.of(name, names)
                        .map(near -> ", did you mean '" + near + "'")
                        .orElse(names.isEmpty() ? "; there is none yet" : ""));
    }

    /** The library's batches, newest first. */
    List<Batch> batches(String library) {
        List<Batch> found = new ArrayList<>();
        for (JsonNode json : api.batches(library)) {
            found.add(Batch.of(json));
            if (found.size() == MOST_BATCHES) {
                break;
            }
        }
        return found;
    }

    /** Those of the library's batches in which something is still to happen, oldest first. */
    List<String> openBatches(String library) {
        return batches(library).reversed().stream()
                .filter(Batch::open)
                .map(Batch::id)
                .toList();
    }
}
