package dev.ashlar.store.backup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.ashlar.common.backup.ShardSummary;
import dev.ashlar.common.disk.StartRefusedException;

/**
 * The store's program with the arguments {@code recover --from DIR [--from DIR...] FILE}: makes a backup of disks and ends, without
 * a server. So that the image that is on every node is all that a recovery needs.
 */
public final class RecoverCommand {
    private static final String WORD = "recover";

    private static final int USAGE = 2;
    private static final int REFUSED = 3;

    /** As the store writes {@code map.json}. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RecoverCommand() {}

    /** Whether the arguments of the program ask for it. */
    public static boolean isAsked(String... arguments) {
        return arguments.length > 0 && arguments[0].equals(WORD);
    }

    /** Runs; gives the exit code: 0 done, 2 wrong arguments, 3 refused. */
    public static int run(String[] arguments, PrintStream err) {
        List<Path> disks = new ArrayList<>();
        List<Path> outputs = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].equals("--from") && i + 1 < arguments.length) {
                disks.add(Path.of(arguments[++i]));
            } else {
                outputs.add(Path.of(arguments[i]));
            }
        }
        if (disks.isEmpty() || outputs.size() != 1) {
            err.println("usage: recover --from DIR [--from DIR...] FILE");
            return USAGE;
        }
        try {
            List<ShardSummary> shards = new Recovery(JSON, WORD, err::println).run(disks, outputs.getFirst());
            err.println(outputs.getFirst() + ": "
                    + shards.stream().mapToLong(ShardSummary::items).sum() + " keys of " + shards.size()
                    + " shards. Writes that these disks had not heard of are not in it.");
            return 0;
        } catch (IOException | StartRefusedException refused) {
            err.println("recover: " + refused.getMessage());
            return REFUSED;
        }
    }
}
