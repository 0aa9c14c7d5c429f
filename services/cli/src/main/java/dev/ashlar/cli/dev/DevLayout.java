package dev.ashlar.cli.dev;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the data below the directory was made with: the file {@code layout.json} of an earlier run.
 *
 * @param shards fixed for the life of a cluster
 */
public record DevLayout(int stores, int coordinators, int shards) {
    public static DevLayout of(DevOptions options) {
        return new DevLayout(options.stores(), options.coordinators(), options.shards());
    }

    /** What a user has to know before the data is used with another layout. */
    public record Verdict(List<String> notes, Optional<String> refusal) {}

    /** Whether the data of this layout can be used with the wanted one. */
    public Verdict judge(DevLayout wanted) {
        if (wanted.shards != shards) {
            return refuse(
                    "the data was made with " + shards + " shards, and their number is fixed for the life of a cluster",
                    "--shards " + shards);
        }
        if (wanted.coordinators != coordinators) {
            return refuse("the data was made with " + coordinators + " coordinators", "--coordinators " + coordinators);
        }
        List<String> notes = new ArrayList<>();
        if (wanted.stores > stores) {
            notes.add("the data was made with " + stores
                    + " stores; the new ones join with an empty disk and get their share of the replicas");
        } else if (wanted.stores < stores) {
            notes.add("the data was made with " + stores
                    + " stores; replicas on the missing ones are down, and a shard that "
                    + "has lost its majority cannot be written or read");
        }
        return new Verdict(notes, Optional.empty());
    }

    /** The layout that the data has after a run with the wanted one. */
    public DevLayout grownTo(DevLayout wanted) {
        return new DevLayout(Math.max(stores, wanted.stores), coordinators, shards);
    }

    private static Verdict refuse(String why, String keep) {
        return new Verdict(
                List.of(), Optional.of(why + ". Use " + keep + ", another --data, or --fresh to delete the data."));
    }
}
