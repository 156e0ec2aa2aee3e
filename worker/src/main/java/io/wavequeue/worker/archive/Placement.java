package io.wavequeue.worker.archive;

import io.wavequeue.storage.LibraryFolder;
import io.wavequeue.store.PlaceStore.Archived;
import io.wavequeue.store.PlaceStore.Cues;
import io.wavequeue.store.PlaceStore.Named;
import io.wavequeue.store.PlaceStore.Take;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which named files cues are to have: none for a rejected take, those of the cue for the picked one, its own for any other.
 *
 * @param files what is to lie where, by key
 * @param takes the takes with the files that they are to have: what a take has by now stays until its job's outputs are archived
 * @param refused names that are not used, since they lead elsewhere or another take has them
 */
record Placement(SequencedMap<String, Archived> files, List<Named> takes, List<String> refused) {
    private static final String PICKED = "picked";
    private static final String REJECTED = "rejected";

    static Placement of(Cues cues) {
        SequencedMap<String, Archived> files = new LinkedHashMap<>();
        Map<Take, SequencedSet<String>> own = new LinkedHashMap<>();
        List<String> refused = new ArrayList<>();
        for (Take take : pickedFirst(cues.takes())) {
            SequencedSet<String> keys = new LinkedHashSet<>();
            for (Archived archived : named(take)) {
                String name = name(take, archived);
                String key = LibraryFolder.of(cues.library()) + "/" + name;
                if (!LibraryFolder.mayHold(cues.library(), name)) {
                    refused.add(take + ": \"" + name + "\" is no path below the library's folder");
                } else if (files.putIfAbsent(key, archived) != null) {
                    refused.add(take + ": \"" + name + "\" is another take's");
                } else {
                    keys.add(key);
                }
            }
            own.put(take, keys);
        }
        List<Named> takes = new ArrayList<>();
        own.forEach((take, keys) -> {
            if (!isSettled(take)) {
                take.files().stream().filter(file -> !files.containsKey(file)).forEach(keys::add);
            }
            takes.add(new Named(take, List.copyOf(keys)));
        });
        return new Placement(files, takes, refused);
    }

    /** What a person picked has the name, should another take's be the same by now. */
    private static List<Take> pickedFirst(List<Take> takes) {
        return takes.stream()
                .sorted(Comparator.comparing(take -> !PICKED.equals(take.decision())))
                .toList();
    }

    private static List<Archived> named(Take take) {
        return REJECTED.equals(take.decision()) || stem(take) == null ? List.of() : take.archived();
    }

    private static @Nullable String stem(Take take) {
        return PICKED.equals(take.decision()) ? take.cueName() : take.name();
    }

    /** The extension is the archived file's; a job's second output is told from its first. */
    private static String name(Take take, Archived archived) {
        String file = archived.file().substring(archived.file().lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        String place = archived.number() == 0 ? "" : "_" + (archived.number() + 1);
        return stem(take) + place + (dot < 0 ? "" : file.substring(dot));
    }

    /** Whether what it has besides is to go. */
    private static boolean isSettled(Take take) {
        return REJECTED.equals(take.decision())
                || stem(take) == null
                || (!take.waits() && !take.archived().isEmpty());
    }

    /** The takes with all that they have or are to have: what may lie there from the moment that somebody begins. */
    List<Named> announced() {
        return takes.stream()
                .map(named -> {
                    SequencedSet<String> all = new LinkedHashSet<>(named.files());
                    all.addAll(named.take().files());
                    return new Named(named.take(), List.copyOf(all));
                })
                .toList();
    }

    /** Whether somebody has to be told before files are made. */
    boolean isNew() {
        return takes.stream().anyMatch(named -> !named.take().files().containsAll(named.files()));
    }

    /** What the takes have and nobody among them is to have. */
    Set<String> left() {
        Set<String> left = new HashSet<>();
        takes.forEach(named -> left.addAll(named.take().files()));
        takes.forEach(named -> named.files().forEach(left::remove));
        return left;
    }

    /** The takes without files that could not be made, but for those of them that were there before. */
    List<Named> without(Set<String> missing) {
        return takes.stream()
                .map(named -> new Named(
                        named.take(),
                        named.files().stream()
                                .filter(file -> !missing.contains(file)
                                        || named.take().files().contains(file))
                                .toList()))
                .toList();
    }
}
