package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.catalogue.ModelFile.Entry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All models that this installation offers: the built-in ones and those of the user's folder. Loaded once; afterwards
 * immutable, so that any number of threads may ask it at once.
 */
public final class Catalogue {
    private final Map<String, Entry> entries;
    private final List<Model> models;
    private final @Nullable PriceBasis pinned;
    private final String fingerprint;

    private Catalogue(SortedMap<String, Entry> entries, @Nullable PriceBasis pinned) {
        this.entries = Map.copyOf(entries);
        this.models = entries.values().stream().map(Entry::model).toList();
        this.pinned = pinned;
        this.fingerprint = fingerprint(entries.values(), pinned);
    }

    /**
     * Reads the built-in models, then every {@code *.json} of the user's folder, where a file of the same model replaces
     * ours.
     *
     * @param userFolder where the user's files are; null = there are none
     * @param pinned what the operator knows to be billed where a price is ambiguous; null = not known
     * @throws CatalogueException when any file is not as it should be
     */
    public static Catalogue load(@Nullable Path userFolder, @Nullable PriceBasis pinned) {
        CatalogueFiles files = new CatalogueFiles();
        ModelFile reader = new ModelFile();
        SortedMap<String, Entry> entries = read(files.builtIn(), reader);
        if (userFolder != null) {
            entries.putAll(read(files.ofFolder(userFolder), reader));
        }
        return new Catalogue(entries, pinned);
    }

    public Optional<Model> find(String id) {
        return Optional.ofNullable(entries.get(id)).map(Entry::model);
    }

    /** Every model, in the order of their ids. */
    public Collection<Model> models() {
        return models;
    }

    /** Another one as soon as any model, price or rule is another: SHA-256 in lower-case hex. */
    public String fingerprint() {
        return fingerprint;
    }

    /** The id that somebody probably meant, for «did you mean». */
    public Optional<String> nearest(String id) {
        return NearestName.of(id, entries.keySet());
    }

    /** Checks what is to be sent as the model's input. Never throws for what the input holds. */
    public InputCheck check(Model model, JsonNode input) {
        return entry(model).validator().check(input);
    }

    /**
     * The input of a request that was let in once, as {@link InputCheck.Valid} has it, whatever is wrong with it by now. Fields
     * that the model had then stay.
     */
    public ObjectNode effective(Model model, ObjectNode input) {
        return entry(model).validator().effectiveAsIs(input);
    }

    /**
     * What a run costs.
     *
     * @param effectiveInput from {@link InputCheck.Valid}; of an input as it was asked the defaults are filled in
     * @param sourceSeconds the length of the source clip; null = unknown
     */
    public Price price(Model model, ObjectNode effectiveInput, @Nullable BigDecimal sourceSeconds) {
        Entry entry = entry(model);
        return entry.model().price().price(entry.validator().withDefaults(effectiveInput), sourceSeconds, pinned);
    }

    /** What of the input, as it was asked, its price depends on: inputs of which this is equal have one price. */
    public ObjectNode priceDependsOn(Model model, ObjectNode input) {
        Entry entry = entry(model);
        return entry.model().price().dependsOn(entry.validator().withDefaults(input));
    }

    /** What a run with this input, as it was asked, is to give. */
    public Model.ExpectedOutput expected(Model model, ObjectNode input) {
        Entry entry = entry(model);
        ObjectNode effective = entry.validator().withDefaults(input);
        Model.OutputRule output = entry.model().output();
        @Nullable
        String format = output.formatField() == null ? null : entry.model().outputFormat(effective);
        return new Model.ExpectedOutput(format, output.seconds(effective), output.sourceField() != null);
    }

    private Entry entry(Model model) {
        Entry entry = entries.get(model.id());
        if (entry == null) {
            throw new IllegalArgumentException("the model " + model.id() + " is not of this catalogue");
        }
        return entry;
    }

    private static String fingerprint(Collection<Entry> entries, @Nullable PriceBasis pinned) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            entries.forEach(entry -> digest.update(entry.content().getBytes(StandardCharsets.UTF_8)));
            digest.update(String.valueOf(pinned).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SortedMap<String, Entry> read(List<CatalogueFiles.Content> contents, ModelFile reader) {
        SortedMap<String, Entry> entries = new TreeMap<>();
        for (CatalogueFiles.Content content : contents) {
            Entry entry = reader.read(content.name(), content.json());
            Entry other = entries.putIfAbsent(entry.model().id(), entry);
            if (other != null) {
                throw new CatalogueException(
                        content.name(), "/model", "\"" + entry.model().id() + "\" is in " + other.file() + " already");
            }
        }
        return entries;
    }
}
