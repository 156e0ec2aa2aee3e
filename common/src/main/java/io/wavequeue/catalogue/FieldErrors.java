package io.wavequeue.catalogue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers the faults of one input: one per place, in the order of the model's fields, not without end. */
final class FieldErrors {
    private static final int MOST_LISTED = 100;

    private final List<String> fields;
    private final List<Found> found = new ArrayList<>();
    private final Set<String> badFields = new HashSet<>();
    private final Set<String> badPlaces = new HashSet<>();

    FieldErrors(List<String> fields) {
        this.fields = fields;
    }

    /** Notes a fault unless one of the same place is known, since the first is the one that causes the others. */
    void add(String topField, FieldError error) {
        if (badPlaces.add(topField + '/' + error.field())) {
            badFields.add(topField);
            int place = fields.indexOf(topField);
            found.add(new Found(place < 0 ? fields.size() : place, error));
        }
    }

    /** Whether an unknown field that comes now would not be listed: those come last. */
    boolean isFull() {
        return found.size() >= MOST_LISTED;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    boolean concern(String topField) {
        return badFields.contains(topField);
    }

    boolean concernAny(List<String> topFields) {
        return topFields.stream().anyMatch(badFields::contains);
    }

    Set<String> badFields() {
        return Set.copyOf(badFields);
    }

    List<FieldError> listed() {
        List<FieldError> listed = new ArrayList<>(found.stream()
                .sorted(Comparator.comparingInt(Found::place))
                .limit(MOST_LISTED)
                .map(Found::error)
                .toList());
        if (found.size() > MOST_LISTED) {
            listed.add(new FieldError("input", "has %d more errors".formatted(found.size() - MOST_LISTED)));
        }
        return listed;
    }

    private record Found(int place, FieldError error) {}
}
