"""Résumés in running text, as people lay them out."""

from __future__ import annotations

SPANISH = """
María José Hernández Núñez
Ingeniera de Software Senior
Guadalajara, Jalisco, México | maria.hernandez@example.mx | +52 33 1234 5678 | linkedin.com/in/mariajose

PERFIL PROFESIONAL
Ingeniera con más de 12 años de experiencia en el desarrollo de sistemas bancarios en mainframe y en la
modernización de los mismos hacia Java.

EXPERIENCIA LABORAL
Banco del Bajío — Ingeniera de Software Senior
Marzo de 2019 – Actualidad
• Lideré la migración de 40 programas COBOL a Java 17.
• Reduje el tiempo del cierre nocturno en 35 % mediante el rediseño de los procesos por lotes y la
eliminación de pasos repetidos.
Softtek — Desarrolladora COBOL
Enero de 2014 – Febrero de 2019
• Mantenimiento de sistemas de tarjetas en CICS y DB2.

FORMACIÓN ACADÉMICA
Universidad de Guadalajara
Ingeniería en Computación
2008 – 2013

HABILIDADES TÉCNICAS
Lenguajes: COBOL, Java, SQL
AS/400 (5 años), Db2 avanzado, Telepatía

IDIOMAS
Español (nativo), Inglés (avanzado, C1)

CERTIFICACIONES
CISSP – (ISC)², 2023
"""

ENGLISH = """
JOHN A. SMITH
Senior Data Engineer
Austin, TX | (512) 555-0147 | john.smith@example.com | github.com/jsmith

SUMMARY
Data engineer with 10 years of experience building pipelines for US banks. Led the migration of a
warehouse of 80 TB to Snowflake.

WORK EXPERIENCE

Senior Data Engineer, Acme Bank\tJan 2020 - Present
- Built the lineage of 400 BCBS 239 reports.
- Led four engineers.

Data Engineer, Initech LLC\t06/2015 - 12/2019
- Wrote ETL in Python and Airflow.

EDUCATION
B.S. in Computer Science, University of Texas at Austin, 2014

SKILLS
Python, SQL, Snowflake, data governance, AWS

LANGUAGES
English: native
Spanish: B2
"""

DATES_FIRST = """
Jane Q. Public
jane@example.org
555-867-5309

Experience

2018 - 2022
Globex Corporation
Business Analyst
Gathered requirements for the onboarding of retail clients. Wrote the test plan.

2015 - 2018
Hooli Inc
Junior Business Analyst
Supported the AML program.

Education

2011 - 2015
Ohio State University
Bachelor of Arts in Economics

Skills
KYC, AML, SQL
"""

LABELED = """
CURRICULUM VITAE

Juan Carlos Pérez de la Cruz
Teléfono: 55 1234 5678
Correo: jc.perez@example.com
Domicilio: Ciudad de México, México
RFC: GODE561231GR8

OBJETIVO
Integrarme a una empresa líder en tecnología para el desarrollo de sistemas.

EXPERIENCIA PROFESIONAL

Analista de Sistemas
Grupo Financiero Ejemplo, S.A. de C.V.
Ene. 2017 a la fecha
Responsable del mantenimiento de los sistemas de conciliación bancaria.
Coordinación con proveedores.

Programador Jr.
Sistemas Integrales del Norte, S.A. de C.V.
Feb. 2013 - Dic. 2016
Desarrollo de reportes en Visual Basic.

EDUCACIÓN
Licenciatura en Informática, Instituto Politécnico Nacional (2008-2012)

CONOCIMIENTOS
AS/400 (5 años), RPG, COBOL - avanzado, SQL Server

IDIOMAS
Inglés 70%
"""

PORTUGUESE = """
João da Silva
joao@example.com.br
Experiência Profissional
Desenvolvedor Sênior no Banco Exemplo
Janeiro de 2019 – Atual
Responsável pelo desenvolvimento de sistemas de pagamentos e pela gestão da equipe, com atuação
em projetos de modernização. Não há dependências com outras áreas e também são usados testes.
Formação
Universidade de São Paulo
"""

GERMAN = """
Jürgen Müller
Softwareentwickler
jurgen@example.de | +49 30 1234 5678
Berufserfahrung
Bank Beispiel, Entwickler, 2019 - 2023
Entwicklung der Systeme für den Zahlungsverkehr und Leitung eines Teams mit der Verantwortung für die Tests.
Erfahrung mit der Planung von Projekten und den Kenntnissen bei der Arbeit im Betrieb des Systems.
Ausbildung
Universität Berlin
"""
