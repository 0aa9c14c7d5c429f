package dev.ashlar.cli;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

import dev.ashlar.cli.command.JsonRecords;
import dev.ashlar.cli.dev.DevLayout;
import dev.ashlar.common.cluster.AdminAnswer;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.Event;
import dev.ashlar.common.cluster.GateAnswer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The metadata of the native executable names exactly the classes that are reached by reflection: commands with their options, and
 * records that are JSON. {@code -Dashlar.metadata.write=true} makes it so.
 */
class NativeMetadataTest {
    private static final Path FILE =
            Path.of("src/main/resources/META-INF/native-image/dev.ashlar/ashlar-cli/reflect-config.json");

    @Test
    void metadataNamesWhatIsReachedByReflection() throws IOException {
        Set<String> names = new TreeSet<>();
        commands(Main.commandLine(new Terminal(System.in, System.out, System.err, Map.of(), false)), names);
        for (Class<?> root :
                List.of(ClusterView.class, AdminAnswer.class, Event.class, GateAnswer.class, DevLayout.class)) {
            record(root, names);
        }
        JsonRecords.ALL.forEach(type -> record(type, names));
        String wanted = names.stream()
                .map(
                        name -> " {\"name\": \"" + name
                                + "\", \"allDeclaredFields\": true, \"allDeclaredMethods\": true, \"allDeclaredConstructors\": true, \"allRecordComponents\": true}")
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
        if (Boolean.getBoolean("ashlar.metadata.write")) {
            Files.writeString(FILE, wanted);
        }
        assertThat(FILE).as("-Dashlar.metadata.write=true writes it").content().isEqualTo(wanted);
    }

    private static void commands(CommandLine line, Set<String> names) {
        CommandSpec spec = line.getCommandSpec();
        objects(spec, names);
        line.getSubcommands().values().forEach(sub -> commands(sub, names));
    }

    private static void objects(CommandSpec spec, Set<String> names) {
        for (Class<?> type = spec.userObject().getClass(); type != Object.class; type = type.getSuperclass()) {
            names.add(type.getName());
        }
        if (spec.versionProvider() != null) {
            names.add(spec.versionProvider().getClass().getName());
        }
        for (ArgSpec argument : spec.args()) {
            Class<?> type = argument.typeInfo().isEnum() ? argument.type() : Object.class;
            argument.typeInfo().getAuxiliaryTypeInfos().stream()
                    .filter(CommandLine.Model.ITypeInfo::isEnum)
                    .forEach(info -> names.add(info.getClassName()));
            if (type.isEnum()) {
                names.add(type.getName());
            }
        }
        spec.mixins().values().forEach(mixin -> objects(mixin, names));
    }

    private static void record(Type type, Set<String> names) {
        if (type instanceof ParameterizedType generic) {
            Arrays.stream(generic.getActualTypeArguments()).forEach(argument -> record(argument, names));
        } else if (type instanceof Class<?> one && one.isRecord() && names.add(one.getName())) {
            for (RecordComponent component : one.getRecordComponents()) {
                record(component.getGenericType(), names);
            }
        }
    }
}
