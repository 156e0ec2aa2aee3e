package io.wavequeue.simulator.account;

import java.util.HashMap;
import java.util.Map;

/** A value for every {@link Setting}. Immutable. */
public final class Settings {
    private static final Settings DEFAULTS = standard();

    private final Map<Setting<?>, Value<?>> values;

    private record Value<T>(String text, T value) {
        static <T> Value<T> of(Setting<T> setting, String text) {
            return new Value<>(text, setting.read(text));
        }
    }

    private Settings(Map<Setting<?>, Value<?>> values) {
        this.values = values;
    }

    private static Settings standard() {
        Map<Setting<?>, Value<?>> values = new HashMap<>();
        Setting.all().forEach(setting -> values.put(setting, Value.of(setting, setting.standard())));
        return new Settings(values);
    }

    /** Instant answers, no limits, 1,000 USD, refunds after an hour. */
    public static Settings defaults() {
        return DEFAULTS;
    }

    @SuppressWarnings("unchecked") // a setting's value is only ever made by that setting
    public <T> T get(Setting<T> setting) {
        return ((Value<T>) value(setting)).value();
    }

    public boolean is(Setting<String> setting, String choice) {
        return get(setting).equals(choice);
    }

    /** A setting's value as it was written. */
    public String text(Setting<?> setting) {
        return value(setting).text();
    }

    private Value<?> value(Setting<?> setting) {
        Value<?> value = values.get(setting);
        if (value == null) {
            throw new IllegalStateException("setting " + setting.name() + " has no value");
        }
        return value;
    }

    /**
     * The same with one setting changed.
     *
     * @throws IllegalArgumentException with a sentence that names the setting and what it takes
     */
    public Settings with(String name, String text) {
        Setting<?> setting = Setting.find(name);
        if (setting == null) {
            throw new IllegalArgumentException("there is no setting \"" + name + "\"");
        }
        return with(setting, text);
    }

    public Settings with(Setting<?> setting, String text) {
        Map<Setting<?>, Value<?>> changed = new HashMap<>(values);
        changed.put(setting, Value.of(setting, text));
        return new Settings(changed);
    }
}
