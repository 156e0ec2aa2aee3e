package io.wavequeue.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of IP addresses in CIDR form. An IPv4 range has no IPv6 address, and the other way round. */
record AddressRange(byte[] start, int bits) {
    /** What may stand for an IP address; any other text would be asked for as a name. */
    private static final Pattern LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private static final int BYTE_BITS = 8;

    /** Of {@code 10.0.0.0/8} or of one address; {@link IllegalArgumentException} for what is neither. */
    static AddressRange of(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no range of addresses"));
    }

    /** Empty for what is neither an address nor a range. */
    static Optional<AddressRange> find(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!LITERAL.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            byte[] start = InetAddress.getByName(address).getAddress();
            int most = start.length * BYTE_BITS;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > most ? Optional.empty() : Optional.of(new AddressRange(start, bits));
        } catch (UnknownHostException | NumberFormatException neither) {
            return Optional.empty();
        }
    }

    boolean has(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != start.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += BYTE_BITS) {
            int mask = bits - bit >= BYTE_BITS ? 0xFF : 0xFF << (BYTE_BITS - (bits - bit)) & 0xFF;
            if ((bytes[bit / BYTE_BITS] & mask) != (start[bit / BYTE_BITS] & mask)) {
                return false;
            }
        }
        return true;
    }
}
