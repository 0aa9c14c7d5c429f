package dev.ashlar.store;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * In a native executable Jackson sees only what was registered for it. Whoever reads JSON names the record's class, so:
 * every record of ours whose class object is mentioned, and what it is made of, must be registered.
 */
class WireRecordsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.ashlar.store", "dev.ashlar.common");

    @Test
    void everyRecordThatIsReadFromJsonIsRegistered() {
        assertThat(names(registered())).containsAll(names(mentioned()));
    }

    @Test
    void whatARegisteredRecordIsMadeOfIsRegisteredToo() {
        assertThat(names(madeOf(registered()))).isSubsetOf(names(registered()));
    }

    /** {@code quarkus.jackson.property-naming-strategy} is a class that is found by name when the process starts. */
    @Test
    void theNamingStrategyIsRegistered() {
        assertThat(names(registered())).contains(PropertyNamingStrategies.SnakeCaseStrategy.class.getName());
    }

    private static Set<Class<?>> mentioned() {
        Set<Class<?>> found = empty();
        CLASSES.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .flatMap(unit -> unit.getReferencedClassObjects().stream())
                .map(ReferencedClassObject::getValue)
                .filter(JavaClass::isRecord)
                .filter(type -> type.getPackageName().startsWith("dev.ashlar."))
                .forEach(type -> found.add(type.reflect()));
        assertThat(found).as("the test sees what is read").isNotEmpty();
        return found;
    }

    private static Set<Class<?>> registered() {
        Set<Class<?>> found = empty();
        CLASSES.stream()
                .filter(type -> type.isAnnotatedWith(RegisterForReflection.class))
                .map(JavaClass::reflect)
                .forEach(type -> {
                    Class<?>[] targets =
                            type.getAnnotation(RegisterForReflection.class).targets();
                    found.addAll(targets.length == 0 ? Set.of(type) : Arrays.asList(targets));
                });
        return found;
    }

    /** Types of record components and permitted subclasses, as far as they are ours and no enums. */
    private static Set<Class<?>> madeOf(Set<Class<?>> types) {
        Set<Class<?>> parts = empty();
        for (Class<?> type : types) {
            if (type.isRecord()) {
                for (RecordComponent component : type.getRecordComponents()) {
                    classes(component.getGenericType()).forEach(parts::add);
                }
            }
            if (type.isSealed()) {
                parts.addAll(Arrays.asList(type.getPermittedSubclasses()));
            }
        }
        parts.removeIf(type -> type.isEnum() || !type.getName().startsWith("dev.ashlar."));
        return parts;
    }

    private static Stream<Class<?>> classes(Type type) {
        return switch (type) {
            case Class<?> plain -> Stream.of(plain.isArray() ? plain.componentType() : plain);
            case ParameterizedType generic ->
                Arrays.stream(generic.getActualTypeArguments()).flatMap(WireRecordsTest::classes);
            case GenericArrayType array -> classes(array.getGenericComponentType());
            default -> Stream.empty();
        };
    }

    private static Set<Class<?>> empty() {
        return new TreeSet<>(Comparator.comparing(Class::getName));
    }

    private static Set<String> names(Set<Class<?>> types) {
        Set<String> names = new TreeSet<>();
        types.forEach(type -> names.add(type.getName()));
        return names;
    }
}
